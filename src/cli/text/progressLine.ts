import { formatProgress } from "#core/format.ts";
import type { NormsProgress } from "#protocol/workerAnswers.ts";

/** How far the work is, on one line of a terminal that is rewritten; nothing when the text goes elsewhere. */
export interface ProgressLine {
  readonly show: (progress: NormsProgress) => void;
  readonly erase: () => void;
}

export interface Terminal {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly write: (text: string) => unknown;
}

// Work that is done sooner needs no words.
const QUIET_MS = 1000;
// Of a terminal that does not say how wide it is.
const USUAL_COLUMNS = 80;

export function createProgressLine(terminal: Terminal, now: () => number): ProgressLine {
  const startMs = now();
  let shown = "";

  /** Spaces, which every terminal knows, go over what was longer. */
  function replace(text: string): void {
    terminal.write(`\r${text.padEnd(shown.length)}`);
    shown = text;
  }

  return {
    show(progress) {
      if (terminal.isTTY === true && now() - startMs >= QUIET_MS) {
        const { columns = 0 } = terminal;
        replace(formatProgress(progress).slice(0, (columns > 0 ? columns : USUAL_COLUMNS) - 1));
      }
    },
    erase() {
      if (shown !== "") {
        replace("");
        terminal.write("\r");
      }
    },
  };
}
