import type { DataColours } from "../../shared/theme.ts";
import type { Role } from "../run.ts";

/** How each role is drawn: top to bottom in this order, each in its own panel on the same steps. */
export interface RoleStyle {
  readonly role: Role;
  readonly title: string;
  /** CSS pixels of the plotting area. */
  readonly height: number;
  readonly isLog: boolean;
  readonly colour: keyof DataColours;
}

export const ROLES: readonly RoleStyle[] = [
  { role: "globalNorm", title: "Gradient norm", height: 230, isLog: true, colour: "globalNorm" },
  { role: "loss", title: "Loss", height: 120, isLog: false, colour: "loss" },
  { role: "learningRate", title: "Learning rate", height: 70, isLog: false, colour: "learningRate" },
];

/** Further lines of the same role differ by dash. */
export const DASHES: readonly (readonly number[])[] = [[], [5, 3], [2, 2], [8, 3, 2, 3]];
