import { t } from "@vscode/l10n";
import { bindKeys } from "../keyBindings.ts";

/** What the keyboard asks of the picture. */
export interface HeatKeyActions {
  /** By so many rows, down when positive. */
  readonly moveRow: (rows: number) => void;
  /** To the next or previous column. */
  readonly moveStep: (direction: 1 | -1) => void;
  readonly choose: () => void;
  readonly fold: () => void;
  readonly zoom: (factor: number) => void;
  readonly pan: (share: number) => void;
  readonly reset: () => void;
}

const PAGE = 12;
const PAN_SHARE = 0.15;
export const ZOOM_FACTOR = 1.5;

export const HEAT_KEYS_HELP = [
  t(
    "Arrow keys move the cursor by rows and steps, Page Up and Page Down by twelve rows, Home and End to the first and last row.",
  ),
  t("Enter shows the row's own line, Space folds its group. + and − zoom, Shift with an arrow key pans, 0 resets."),
].join(" ");

export function attachHeatKeys(target: HTMLElement, actions: HeatKeyActions): void {
  bindKeys(target, {
    ArrowUp: () => actions.moveRow(-1),
    ArrowDown: () => actions.moveRow(1),
    PageUp: () => actions.moveRow(-PAGE),
    PageDown: () => actions.moveRow(PAGE),
    Home: () => actions.moveRow(-Infinity),
    End: () => actions.moveRow(Infinity),
    ArrowLeft: () => actions.moveStep(-1),
    ArrowRight: () => actions.moveStep(1),
    "Shift+ArrowLeft": () => actions.pan(-PAN_SHARE),
    "Shift+ArrowRight": () => actions.pan(PAN_SHARE),
    Enter: actions.choose,
    " ": actions.fold,
    "+": () => actions.zoom(1 / ZOOM_FACTOR),
    "=": () => actions.zoom(1 / ZOOM_FACTOR),
    "-": () => actions.zoom(ZOOM_FACTOR),
    "0": actions.reset,
  });
}
