import { MAX_RECORD_BYTES, WINDOW, WINDOW_BYTES } from "./assembly/layout.ts";

/** The part of a log that lies in the kernel's memory. */
export interface Window {
  /** Where a place of the log lies there, with as much behind it as a known record has. */
  readonly place: (at: number) => number;
  /** Where the part ends there. */
  readonly end: () => number;
}

export function createWindow(memory: ArrayBuffer, log: Uint8Array): Window {
  const bytes = new Uint8Array(memory, WINDOW, WINDOW_BYTES);
  let start = 0;
  let end = 0;
  return {
    place(at) {
      const isThere = at >= start && (at + MAX_RECORD_BYTES <= end || end === log.length);
      if (!isThere) {
        start = at;
        end = Math.min(at + WINDOW_BYTES, log.length);
        bytes.set(log.subarray(start, end));
      }
      return WINDOW + at - start;
    },
    end: () => WINDOW + end - start,
  };
}
