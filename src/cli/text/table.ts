import { printable } from "./terminalText.ts";

/** A longer cell stands out alone, for padding to it would make every row as long. In characters. */
const MAX_PADDING = 256;

/**
 * Columns padded to their widest cell, two spaces apart. Names come from files: control characters in them are
 * replaced.
 */
export function formatTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [header, ...rows].map((line) => line.map(printable));
  const widths = header.map((_, column) =>
    lines.reduce((widest, line) => Math.max(widest, widthOf(line[column] ?? "")), 0),
  );
  return lines
    .map(
      (line) =>
        `${line
          .map((cell, column) => cell.padEnd(widths[column] ?? 0))
          .join("  ")
          .trimEnd()}\n`,
    )
    .join("");
}

function widthOf({ length }: string): number {
  return length > MAX_PADDING ? 0 : length;
}
