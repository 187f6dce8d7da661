import { describe, expect, test } from "vitest";

import type { TensorStatistics } from "#core/tensor.ts";
import { storedBytes } from "#core/tensorPart.ts";
import type { ReductionEngine } from "#reduction/engine.ts";
import { reduceTensor } from "#reduction/reduce.ts";
import { createScriptEngine } from "#reduction/scriptEngine.ts";
import { createStaging } from "#reduction/staging.ts";

import { createRandom } from "../support/random.ts";
import { openIn } from "./engines.ts";
import { expectedOf, randomView, type View, VIEWED, viewOf } from "./views.ts";

/** Chunks of seven elements, so that their borders fall everywhere. */
const SMALL_CHUNKS: ReductionEngine = {
  ...createScriptEngine(),
  staging: createStaging({ bytes: 2048, elements: 7 }),
};

/** With the expected norm in place of one that rounding alone has moved. */
async function reduceView(engine: ReductionEngine, { entry, file }: View, { l2 }: TensorStatistics): Promise<unknown> {
  let done = 0;
  const outcome = await reduceTensor(engine, { entry, open: openIn(file) }, { onProgress: (bytes) => (done = bytes) });
  if (outcome.kind !== "ok") {
    return outcome;
  }
  const isSame = Math.abs(outcome.value.l2 / l2 - 1) < 1e-12;
  return { ...outcome.value, l2: isSame ? l2 : outcome.value.l2, done };
}

describe.each(VIEWED)("a tensor of %s that lies in its file in any way", (dtype) => {
  test.each([
    { chunks: "seven elements", engine: SMALL_CHUNKS },
    { chunks: "a megabyte", engine: createScriptEngine() },
  ])("is reduced as what it is, in chunks of $chunks", async ({ engine }) => {
    for (let seed = 1; seed <= 300; seed += 1) {
      const view = randomView(createRandom(seed), dtype);
      const expected = { ...expectedOf(view), done: storedBytes(view.entry) };
      const what = JSON.stringify({ seed, shape: view.entry.shape, parts: view.entry.parts });
      expect([what, await reduceView(engine, view, expected)]).toEqual([what, expected]);
    }
  });
});

describe("a reader's mistake is malformed, and nothing is read:", () => {
  const part = { file: "t", offset: 16, byteLength: 24 };
  test.each([
    {
      what: "a negative stride",
      parts: [{ ...part, strides: [3, -1] }],
      says: "t: Gradlens cannot follow its strides 3, -1. Nothing was reduced.",
    },
    {
      what: "a stride that is no whole number",
      parts: [{ ...part, strides: [3, 0.5] }],
      says: "t: Gradlens cannot follow its strides 3, 0.5. Nothing was reduced.",
    },
    {
      what: "a stride that leads out of the bytes",
      parts: [{ ...part, strides: [2 ** 53 - 1, 1] }],
      says: "t: 6 elements of F32 do not fill 24 bytes. Nothing was reduced.",
    },
    {
      what: "a view in too few bytes",
      parts: [{ ...part, strides: [1, 3] }],
      says: "t: 6 elements of F32 do not fill 24 bytes. Nothing was reduced.",
    },
    {
      what: "a box that reaches out of the tensor",
      parts: [{ ...part, box: { start: [1, 0], shape: [2, 3] } }],
      says: "t: its part from 1, 0 of shape 2 × 3 is not inside it. Nothing was reduced.",
    },
    {
      what: "a box with too few dimensions",
      parts: [{ ...part, box: { start: [0], shape: [6] } }],
      says: "t: its part from 0 of shape 6 is not inside it. Nothing was reduced.",
    },
    {
      what: "parts that hold too little",
      parts: [{ ...part, box: { start: [0, 0], shape: [1, 3] } }],
      says: "t: its parts hold 3 of 6 elements. Nothing was reduced.",
    },
  ])("$what", async ({ parts, says }) => {
    const { entry } = viewOf({ dtype: "F32", shape: [2, 3], parts }, new Uint8Array(), []);
    const outcome = await reduceTensor(createScriptEngine(), { entry, open: openIn(new Uint8Array()) });
    expect(outcome).toEqual({ kind: "malformed", offset: 16, what: says });
  });

  test("half a byte of a view of E2M1", async () => {
    const parts = [{ file: "t", offset: 0, byteLength: 2, strides: [1] }];
    const { entry } = viewOf({ dtype: "F4", shape: [3], parts }, new Uint8Array(2), []);
    const what = "t: 3 elements of F4 do not fill 2 bytes. Nothing was reduced.";
    expect(await reduceTensor(createScriptEngine(), { entry, open: openIn(new Uint8Array(2)) })).toEqual({
      kind: "malformed",
      offset: 0,
      what,
    });
  });
});
