import { t } from "@vscode/l10n";
import type { DataColours } from "../../shared/theme.ts";
import type { Role } from "../run.ts";

/** How a panel is drawn. */
export interface PanelStyle {
  readonly title: string;
  /** CSS pixels of the plotting area. */
  readonly height: number;
  readonly isLog: boolean;
  readonly colour: keyof DataColours;
  /** Strips for what the axis has no place for: NaN and ±Inf above it, zero and less below it. */
  readonly gutters: "both" | "above" | "none";
  /** Baseline, spikes, clip threshold and warm-up belong to the norm alone. */
  readonly isNorm: boolean;
}

/** Each role of a run has its own panel on the same steps, top to bottom in this order. */
export const ROLES: readonly (PanelStyle & { readonly role: Role })[] = [
  {
    role: "globalNorm",
    title: t("Gradient norm"),
    height: 230,
    isLog: true,
    colour: "globalNorm",
    gutters: "both",
    isNorm: true,
  },
  { role: "loss", title: t("Loss"), height: 120, isLog: false, colour: "loss", gutters: "above", isNorm: false },
  {
    role: "learningRate",
    title: t("Learning rate"),
    height: 70,
    isLog: false,
    colour: "learningRate",
    gutters: "none",
    isNorm: false,
  },
  {
    role: "lossScale",
    title: t("Loss scale"),
    height: 70,
    isLog: true,
    colour: "lossScale",
    gutters: "none",
    isNorm: false,
  },
  {
    role: "skippedSteps",
    title: t("Skipped steps"),
    height: 60,
    isLog: false,
    colour: "skippedSteps",
    gutters: "none",
    isNorm: false,
  },
];

/** One run among several that stand below each other. */
export const ONE_OF_MANY: PanelStyle = {
  title: "",
  height: 110,
  isLog: true,
  colour: "globalNorm",
  gutters: "both",
  isNorm: true,
};

/** Further lines of the same panel differ by dash. */
export const DASHES: readonly (readonly number[])[] = [[], [5, 3], [2, 2], [8, 3, 2, 3], [10, 3], [3, 5]];

/** Where a line is too dense for a dash to be seen, signs along it tell it from the others. ▲ ✕ ○ mean something else. */
export const SIGNS: readonly string[] = ["", "■", "◆", "□", "◇", "+"];
