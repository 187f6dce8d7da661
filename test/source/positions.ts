import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { SourceDocument } from "#source/document.ts";
import { parseDocument } from "#source/document.ts";
import { tensorAt } from "#source/tensors/tensorAt.ts";
import type { TensorIndex } from "#source/tensors/tensorIndex.ts";
import { matchTensors } from "#source/tensors/tensorIndex.ts";

export function readFixture(file: string): SourceDocument {
  return parseDocument("python", readFileSync(join(import.meta.dirname, "fixtures", file), "utf8"));
}

/** The lines of a table of positions. */
export function rowsOf(table: string): readonly string[] {
  return table.split("\n").flatMap((line) => (line.trim() === "" ? [] : [line.trim()]));
}

/** The offset of the `‸` of a piece of text that occurs once; `\n` in it is a new line. */
export function offsetOf(text: string, place: string): number {
  const piece = place.replaceAll(String.raw`\n`, "\n");
  const snippet = piece.replace("‸", "");
  const start = text.indexOf(snippet);
  if (start < 0 || text.includes(snippet, start + 1)) {
    throw new Error(`"${snippet}" occurs ${start < 0 ? "nowhere" : "more than once"}.`);
  }
  return start + piece.indexOf("‸");
}

export function tensorsAt(document: SourceDocument, index: TensorIndex, place: string): readonly string[] {
  const reference = tensorAt(document, offsetOf(document.text, place));
  return reference === undefined ? [] : matchTensors(index, reference.choices).toSorted();
}
