import { t } from "@vscode/l10n";
import { bindKeys } from "../keyBindings.ts";

/** What the keyboard can ask of the charts. */
export interface KeyActions {
  readonly pan: (share: number) => void;
  readonly zoom: (factor: number) => void;
  readonly reset: () => void;
  readonly nextFinding: () => void;
  readonly previousFinding: () => void;
  /** To the next or the previous point. */
  readonly stepCursor: (direction: 1 | -1) => void;
  readonly reveal: () => void;
}

const PAN_SHARE = 0.15;
const ZOOM_FACTOR = 1.5;

export const KEYS_HELP = t(
  "Arrow keys pan, + and − zoom, 0 or Home resets, n and p go to the next and previous finding, Shift with an arrow key moves the cursor, Enter reveals its step in the log.",
);

export function attachKeys(target: HTMLElement, actions: KeyActions): void {
  bindKeys(target, {
    ArrowLeft: () => actions.pan(-PAN_SHARE),
    ArrowRight: () => actions.pan(PAN_SHARE),
    "Shift+ArrowLeft": () => actions.stepCursor(-1),
    "Shift+ArrowRight": () => actions.stepCursor(1),
    "+": () => actions.zoom(1 / ZOOM_FACTOR),
    "=": () => actions.zoom(1 / ZOOM_FACTOR),
    "-": () => actions.zoom(ZOOM_FACTOR),
    "0": actions.reset,
    Home: actions.reset,
    n: actions.nextFinding,
    p: actions.previousFinding,
    Enter: actions.reveal,
  });
}
