import { expect, test } from "vitest";
import { clipSitesIn } from "#source/clipping/clipSites.ts";
import { applyEdits, editDocument, parseDocument } from "#source/document.ts";
import type { SourceDocument } from "#source/document.ts";
import { readFixture } from "./positions.ts";

test("typing a source character by character gives the tree of the whole", () => {
  const { text } = readFixture("fineTuning");
  let document = parseDocument("python", "");
  for (let at = 0; at < text.length; at += 1) {
    document = editDocument(document, [{ start: at, end: at, text: text.charAt(at) }]);
  }
  expect(document.text).toBe(text);
  expect(nodesOf(document)).toEqual(nodesOf(parseDocument("python", text)));
});

test("edits of one moment count in the text before, in any order", () => {
  const text = "a = 1\nclip_grad_norm_(p, 2.0)\n";
  const edits = [
    { start: 25, end: 28, text: "0.5" },
    { start: 0, end: 5, text: "# twice as long" },
  ];
  const edited = editDocument(parseDocument("python", text), edits);
  expect(edited.text).toBe("# twice as long\nclip_grad_norm_(p, 0.5)\n");
  expect(applyEdits(text, edits)).toBe(edited.text);
  expect(clipSitesIn(edited)).toEqual(clipSitesIn(parseDocument("python", edited.text)));
});

test("a source in the middle of typing keeps what stands around the hole", () => {
  const { text } = readFixture("characterModel");
  const at = text.indexOf("    if grad_clip != 0.0");
  const document = editDocument(parseDocument("python", text), [{ start: at, end: at, text: "    x = foo(\n" }]);
  expect(clipSitesIn(document).map(({ name }) => name)).toContain("grad_clip");
});

/** Every node of a document's tree with its range. */
function nodesOf({ tree }: SourceDocument): readonly string[] {
  const nodes: string[] = [];
  tree?.iterate({ enter: ({ name, from, to }) => void nodes.push(`${name} ${from} ${to}`) });
  return nodes;
}
