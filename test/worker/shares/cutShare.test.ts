import { describe, expect, test } from "vitest";
import { toJson } from "#core/json.ts";
import type { SpanSums } from "#core/spanSums.ts";
import type { FileByteSource } from "#files/checkpoints/byteSource.ts";
import { ALL_CHUNKS } from "#reduction/chunkRange.ts";
import type { ReductionEngine } from "#reduction/engine.ts";
import { createScriptEngine } from "#reduction/scriptEngine.ts";
import { joinSpans } from "#reduction/spanSums.ts";
import { createStaging } from "#reduction/staging.ts";
import { reduceCheckpoint } from "#worker/norms/reduceCheckpoint.ts";
import type { Work } from "#worker/norms/reduceCheckpoint.ts";
import { sortReducible } from "#worker/norms/reducibleTensors.ts";
import type { ReducibleTensor } from "#worker/norms/reducibleTensors.ts";
import { cutShare } from "#worker/shares/cutShare.ts";
import type { OwnWork } from "#worker/shares/cutShare.ts";
import { entryOf } from "../../reduction/engines.ts";
import { randomView, VIEWED } from "../../reduction/views.ts";
import type { View } from "../../reduction/views.ts";
import { createRandom } from "../../support/random.ts";
import { sourceOf } from "../../support/safetensors.ts";

/** Chunks of seven elements, so that shares are cut everywhere. */
const ENGINE: ReductionEngine = {
  ...createScriptEngine(),
  staging: createStaging({ bytes: 2048, elements: 7 }),
};

/** Tensors that lie in files of their own in any way, and one long one that many shares have a piece of. */
function checkpoint(seed: number): { readonly views: readonly View[]; readonly tensors: readonly ReducibleTensor[] } {
  const random = createRandom(seed);
  const views = Array.from({ length: 5 }, () => randomView(random, random.pick(VIEWED)));
  const file = new Uint8Array(Float32Array.from({ length: 500 }, () => random.below(1000) / 7).buffer);
  views.splice(2, 0, { entry: entryOf("F32", file.length), file, decoded: [file] });
  return { views, tensors: sortReducible(views.map(({ entry }) => entry)).reducible };
}

async function sumsOf<W extends Work>(
  works: readonly W[],
  { views }: { readonly views: readonly View[] },
): Promise<[W, SpanSums][]> {
  const sums: [W, SpanSums][] = [];
  await reduceCheckpoint(works, {
    checkpoint: { fileOf: (part) => fileOf(views.find(({ entry }) => entry.parts.includes(part))) },
    engine: ENGINE,
    threads: 1,
    isFull: true,
    signal: undefined,
    onAdvance: () => undefined,
    onSums: (work, own) => void sums.push([work, own]),
    onDamage: (_, why) => expect.unreachable(why),
  });
  return sums;
}

function fileOf(view: View | undefined): FileByteSource {
  const source = sourceOf(view?.file ?? new Uint8Array());
  return {
    ...source,
    path: "",
    id: "",
    modifiedMs: 0,
    changedMs: 0,
    readInto: async (target, offset) => target.set(await source.read(offset, target.length)),
    close: async () => undefined,
  };
}

function shares(tensors: readonly ReducibleTensor[], count: number): readonly (readonly OwnWork[])[] {
  return Array.from({ length: count }, (_, at) =>
    cutShare(tensors, { index: at + 1, count }, ENGINE.staging.chunkElements),
  );
}

describe("any number of shares gives the bits of one run,", () => {
  test.each(Array.from({ length: 12 }, (_, at) => at + 1))("checkpoint %i", async (seed) => {
    const { views, tensors } = checkpoint(seed);
    const whole = await sumsOf(
      tensors.map((tensor) => ({ ...tensor, chunks: ALL_CHUNKS })),
      { views },
    );
    const expected = whole.map(([{ entry }, sums]) => toJson(joinSpans(entry, [sums])));
    for (let count = 1; count <= 64; count += 1) {
      const all = await sumsOf(shares(tensors, count).flat(), { views });
      const joined = tensors.map(({ entry }, place) => {
        const spans = all.flatMap(([work, sums]) => (work.place === place ? [sums] : []));
        return toJson(joinSpans(entry, spans));
      });
      expect({ count, joined }).toEqual({ count, joined: expected });
    }
  });
});

test("each chunk is in exactly one share, and shares follow each other", () => {
  const { tensors } = checkpoint(1);
  const ends = new Map<number, number>();
  for (const { place, chunks, chunkCount } of shares(tensors, 9).flat()) {
    expect([place, chunks.first]).toEqual([place, ends.get(place) ?? 0]);
    ends.set(place, chunks.end);
    expect(chunks.end).toBeLessThanOrEqual(chunkCount);
  }
  expect(Array.from(ends.keys())).toEqual(Array.from(tensors.keys()));
});

test("shares of plain tensors have the same bytes, but for half a chunk at both ends", () => {
  const sizes = [4000, 28, 2800, 280, 12_000];
  const { reducible } = sortReducible(sizes.map((bytes) => entryOf("F32", bytes)));
  const bytes = shares(reducible, 8).map((own) => own.reduce((total, work) => total + work.bytes, 0));
  const even = sizes.reduce((total, size) => total + size, 0) / 8;
  expect(bytes.filter((own) => Math.abs(own - even) > 28)).toEqual([]);
});

test("of a checkpoint without elements the first share has everything", () => {
  const { reducible } = sortReducible([entryOf("F32", 0), entryOf("U8", 0)]);
  expect(shares(reducible, 3).map((own) => own.map(({ place }) => place))).toEqual([[0, 1], [], []]);
});
