import { describe, expect, test } from "vitest";
import { createTensorIndex } from "#source/tensors/tensorIndex.ts";
import { offsetOf, positionsIn, readFixture, tensorsAt } from "./positions.ts";
import { RUN_TENSORS } from "./runTensors.ts";

const WRAPPERS = /^(?:_orig_mod\.|base_model\.model\.|params\/)|_checkpoint_wrapped_module\./g;

describe.each(Object.keys(RUN_TENSORS))("%s names a tensor at", (name) => {
  const tensors = RUN_TENSORS[name] ?? [];
  const document = readFixture(name);
  const index = createTensorIndex(tensors);

  test.each(positionsIn(name))("%s", (row) => {
    const [place = "", meant = ""] = row.split(" => ");
    const patterns = meant.split(" ").map((pattern) => new RegExp(`^${globSource(pattern)}$`));
    const expected = tensors.filter((tensor) =>
      patterns.some((pattern) => pattern.test(tensor.replaceAll(WRAPPERS, ""))),
    );
    expect(expected).not.toEqual([]);
    expect(tensorsAt(document, index, offsetOf(document.text, place))).toEqual(expected.toSorted());
  });
});

describe.each(["lookAlikeTraining", "lookAlikeShop"])("%s names no tensor of any run at", (name) => {
  const document = readFixture(name);
  const everyRun = createTensorIndex(Object.values(RUN_TENSORS).flat());

  test.each(positionsIn(name))("%s", (place) => {
    expect(tensorsAt(document, everyRun, offsetOf(document.text, place))).toEqual([]);
  });
});

function globSource(pattern: string): string {
  return pattern
    .replaceAll(".", String.raw`\.`)
    .replaceAll("**", "\0")
    .replaceAll("*", "[^./]*")
    .replaceAll("\0", ".*");
}
