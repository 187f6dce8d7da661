import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { SourceDocument } from "#source/document.ts";
import { parseDocument } from "#source/document.ts";
import { tensorAt } from "#source/tensors/tensorAt.ts";
import type { TensorIndex } from "#source/tensors/tensorIndex.ts";
import { matchTensors } from "#source/tensors/tensorIndex.ts";

/** A source in Python under fixtures, by its name without the ending. */
export function readFixture(name: string): SourceDocument {
  return parseDocument("python", readFileSync(fixturePath(`${name}.py`), "utf8"));
}

/**
 * Positions in a fixture, each listed by hand on a line of its own: a piece of the source that occurs once, with `‸` before
 * the character pointed at; behind `=>`, where there is any, the names meant. In those `*` is one segment and `**` any.
 */
export function positionsIn(name: string): readonly string[] {
  const lines = readFileSync(fixturePath(`${name}.positions.txt`), "utf8").split("\n");
  return lines.filter((line) => line !== "");
}

function fixturePath(file: string): string {
  return join(import.meta.dirname, "fixtures", file);
}

/** The offset of the `‸` of a piece of text that occurs once; `\\n` in it is a new line. */
export function offsetOf(text: string, place: string): number {
  const piece = place.replaceAll(String.raw`\n`, "\n");
  const snippet = piece.replace("‸", "");
  const start = text.indexOf(snippet);
  if (start < 0 || text.includes(snippet, start + 1)) {
    throw new Error(`"${snippet}" occurs ${start < 0 ? "nowhere" : "more than once"}.`);
  }
  return start + piece.indexOf("‸");
}

/** The names of a run that a place in a source means. */
export function tensorsAt(document: SourceDocument, index: TensorIndex, offset: number): readonly string[] {
  const reference = tensorAt(document, offset);
  return reference === undefined ? [] : matchTensors(index, reference.choices).toSorted();
}
