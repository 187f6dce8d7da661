import type { Stats } from "node:fs";

/** The same for two openings of one file, and another once the path leads to a new file. */
export function fileIdOf({ dev, ino }: Stats): string {
  return `${dev}:${ino}`;
}
