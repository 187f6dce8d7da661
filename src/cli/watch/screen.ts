import type { Line } from "./frame.ts";

export interface ScreenOutput {
  readonly write: (text: string) => unknown;
}

/** The whole terminal, drawn over in place. */
export interface Screen {
  readonly draw: (lines: readonly Line[]) => void;
  /** Leaves the terminal as it was before; drawing anew takes it again. */
  readonly close: () => void;
}

// A second screen, no cursor, and no line that goes on below: a resized terminal may be narrower than what is drawn.
const OPEN = "\u001B[?1049h\u001B[?25l\u001B[?7l";
const CLOSE = "\u001B[?7h\u001B[?25h\u001B[?1049l";
const HOME = "\u001B[H";
const END_OF_LINE = "\u001B[K";
const BELOW = "\u001B[J";
// Terminals that know it show a frame only when it is whole; others ignore it.
const BEGIN_FRAME = "\u001B[?2026h";
const END_FRAME = "\u001B[?2026l";

const TONES: Readonly<Record<Line["tone"], string>> = {
  error: "\u001B[31m",
  warning: "\u001B[33m",
  info: "\u001B[36m",
  title: "\u001B[1m",
  plain: "",
};
const RESET = "\u001B[0m";

export function createScreen(output: ScreenOutput, { hasColor }: { readonly hasColor: boolean }): Screen {
  let isOpen = false;
  let shown = "";

  function paint({ text, tone }: Line): string {
    return hasColor && TONES[tone] !== "" ? `${TONES[tone]}${text}${RESET}` : text;
  }

  return {
    draw(lines) {
      const frame = lines.map((line) => `${paint(line)}${END_OF_LINE}`).join("\r\n");
      if (frame !== shown || !isOpen) {
        output.write(`${isOpen ? "" : OPEN}${BEGIN_FRAME}${HOME}${frame}${BELOW}${END_FRAME}`);
        [isOpen, shown] = [true, frame];
      }
    },
    close() {
      if (isOpen) {
        output.write(CLOSE);
        isOpen = false;
      }
    },
  };
}
