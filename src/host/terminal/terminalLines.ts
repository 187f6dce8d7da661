import { stripVTControlCharacters } from "node:util";

// A progress bar that is drawn over itself for hours is one line; of it the last states are enough.
const MAX_PENDING = 65_536;
const KEPT_PENDING = 16_384;

/** Cuts what a terminal shows, in any pieces, into whole lines without colours and cursor movements. */
export interface TerminalLines {
  /** The lines that are complete now, each with its newline. Carriage returns within a line stay. */
  readonly add: (data: string) => string;
  /** What is left when nothing more comes, as a line. */
  readonly end: () => string;
}

export function createTerminalLines(): TerminalLines {
  let pending = "";
  return {
    add(data) {
      const end = data.lastIndexOf("\n") + 1; // What is pending holds no newline.
      const whole = end === 0 ? "" : pending + data.slice(0, end);
      pending = end === 0 ? pending + data : data.slice(end);
      if (pending.length > MAX_PENDING) {
        const kept = pending.slice(-KEPT_PENDING);
        pending = kept.slice(kept.indexOf("\r") + 1);
      }
      return plain(whole);
    },
    end() {
      const rest = plain(pending);
      pending = "";
      return rest.trim() === "" ? "" : `${rest}\n`;
    },
  };
}

function plain(text: string): string {
  return stripVTControlCharacters(text).replaceAll(/\r+\n/g, "\n");
}
