import type { LayerRow, ToTensors } from "#protocol/dashboard/tensors.ts";
import type { StepRange } from "../../charts/viewport.ts";
import { readTheme } from "../../shared/theme.ts";
import type { Theme } from "../../shared/theme.ts";
import type { Session } from "../session.ts";
import type { Asker } from "./asker.ts";
import { gridOf, placeIn } from "./place.ts";
import type { Place } from "./place.ts";
import type { Folds, OutlineGroup } from "./rows.ts";
import type { LayersState } from "./tabState.ts";

type Outline = Extract<ToTensors, { kind: "outline" }>;

/** What the parts of the tab share. */
export interface Layers {
  readonly session: Session;
  readonly asker: Asker;
  state: LayersState;
  theme: Theme;
  runId: string;
  groups: readonly OutlineGroup[];
  /** Undefined until the host has told it, and while no tensor has a sample. */
  extent: Extent | undefined;
  cursorStep: number;
  selected: LayerRow | undefined;
  /** CSS pixels. */
  width: number;
}

export interface Extent extends Pick<Outline, "interval" | "scale" | "foldedScale" | "tensors"> {
  readonly steps: StepRange;
}

export function createLayers(session: Session, asker: Asker, state: LayersState): Layers {
  return {
    session,
    asker,
    state,
    theme: readTheme(),
    runId: "",
    groups: [],
    extent: undefined,
    cursorStep: 0,
    selected: undefined,
    width: 0,
  };
}

/** The steps on screen: those that the zoom has chosen, else all, with room for half a cell at both ends. */
export function placeOf({ session, width }: Layers, { steps, interval }: Extent): Place {
  const all = { min: steps.min - interval / 2, max: steps.max + interval / 2 };
  return placeIn(width, session.zoom.chosen() ?? all);
}

export function gridFor(place: Place, { steps, interval }: Extent): ReturnType<typeof gridOf> {
  return gridOf(place, steps.min, interval);
}

/** More tensors than this are folded at first. */
const FEW_TENSORS = 60;

/** Where nobody chose, many tensors are folded. */
export function foldsOf({ state, extent }: Layers): Folds {
  return state.folds ?? { areAllFolded: (extent?.tensors ?? 0) > FEW_TENSORS, except: new Set() };
}
