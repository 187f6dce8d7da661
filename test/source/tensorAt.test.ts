import { describe, expect, test } from "vitest";
import { createTensorIndex } from "#source/tensors/tensorIndex.ts";
import { LOOK_ALIKES } from "./lookAlikes.ts";
import { NAME_POSITIONS } from "./namePositions.ts";
import { readFixture, rowsOf, tensorsAt } from "./positions.ts";

const WRAPPERS = /^(?:_orig_mod\.|base_model\.model\.|params\/)|_checkpoint_wrapped_module\./g;

describe.each(NAME_POSITIONS)("the name in $file at", ({ file, tensors, positions }) => {
  const document = readFixture(file);
  const index = createTensorIndex(tensors);

  test.each(rowsOf(positions))("%s", (row) => {
    const [place = "", meant = ""] = row.split(" => ");
    const patterns = meant.split(" ").map((pattern) => new RegExp(`^${globSource(pattern)}$`));
    const expected = tensors.filter((name) => patterns.some((pattern) => pattern.test(name.replaceAll(WRAPPERS, ""))));
    expect(expected).not.toEqual([]);
    expect(tensorsAt(document, index, place)).toEqual(expected.toSorted());
  });
});

describe.each(LOOK_ALIKES)("no name in $file at", ({ file, positions }) => {
  const document = readFixture(file);
  const everyRun = createTensorIndex(NAME_POSITIONS.flatMap(({ tensors }) => tensors));

  test.each(rowsOf(positions))("%s", (place) => {
    expect(tensorsAt(document, everyRun, place)).toEqual([]);
  });
});

function globSource(pattern: string): string {
  return pattern
    .replaceAll(".", String.raw`\.`)
    .replaceAll("**", "\0")
    .replaceAll("*", "[^./]*")
    .replaceAll("\0", ".*");
}
