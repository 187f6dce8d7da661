import { expect, test } from "vitest";

import type { CheckpointIndex } from "#core/checkpoint.ts";
import type { Outcome } from "#core/outcome.ts";
import { zarr } from "#readers/checkpoints/zarr/zarr.ts";

import { normsIn } from "../../../support/elements.ts";
import { folderOf, type TestFiles } from "../../../support/folderSource.ts";
import { concat } from "../../../support/safetensors.ts";
import {
  BYTES,
  chunkFiles,
  CHUNKS,
  ONE_SHARD,
  plain,
  shard,
  SHARDS,
  zarray,
  zarrJson,
  zstd,
} from "../../../support/zarr.ts";

async function read(files: TestFiles): Promise<Outcome<CheckpointIndex>> {
  return zarr.readIndex(folderOf(files));
}

/** The index, or an empty one with the failure as a note. */
async function indexOf(files: TestFiles): Promise<CheckpointIndex> {
  const outcome = await read(files);
  return outcome.kind === "ok"
    ? outcome.value
    : { format: "zarr", tensors: [], metadata: {}, notes: [JSON.stringify(outcome)] };
}

const dots = (row: string, column: string): string => `${row}.${column}`;
const version2 = (members: Record<string, unknown>): TestFiles => ({ "w/.zarray": zarray(members) });

test.each([
  { what: "text that is not JSON", metadata: "{", note: "w: w/.zarray is not JSON." },
  { what: "bytes that are not UTF-8", metadata: Uint8Array.of(0xff), note: "w: w/.zarray is not JSON." },
  {
    what: "no shape",
    metadata: "{}",
    note: "w: .zarray needs zarr_format 2 and a shape with less than 2^53 elements.",
  },
  {
    what: "a negative size",
    metadata: zarray({ shape: [-1, 5] }),
    note: "w: .zarray needs zarr_format 2 and a shape with less than 2^53 elements.",
  },
  {
    what: "more elements than numbers can count",
    metadata: zarray({ shape: [2 ** 40, 2 ** 40] }),
    note: "w: .zarray needs zarr_format 2 and a shape with less than 2^53 elements.",
  },
  {
    what: "sixty-five dimensions",
    metadata: zarray({ shape: Array(65).fill(1), chunks: Array(65).fill(1) }),
    note: "w: .zarray needs zarr_format 2 and a shape with less than 2^53 elements.",
  },
  {
    what: "empty chunks",
    metadata: zarray({ chunks: [0, 3] }),
    note: "w: chunks of [0,3] cannot hold an array of shape [3,5].",
  },
  {
    what: "chunks of another rank",
    metadata: zarray({ chunks: [3] }),
    note: "w: chunks of [3] cannot hold an array of shape [3,5].",
  },
])("one damaged array leaves the others: $what", async ({ metadata, note }) => {
  const files = {
    "ok/.zarray": zarray({ shape: [1, 1], chunks: [1, 1] }),
    "ok/0.0": plain([3]),
    "w/.zarray": metadata,
  };
  const index = await indexOf(files);
  expect([index.notes, await normsIn(files, index.tensors)]).toEqual([[note], { ok: 3 }]);
});

test("an array of a billion chunks is not walked through", async () => {
  const index = await indexOf({ "ok/.zarray": zarray(), "w/.zarray": zarray({ shape: [1e9], chunks: [1] }) });
  expect(index.notRead).toEqual([
    { name: "w", what: "an array in 1000000000 chunks; a checkpoint may have 300000 altogether" },
  ]);
});

test("a plain chunk that is cut short is still being written; a long one is damaged", async () => {
  const whole = chunkFiles(dots, plain);
  const first = whole["w/0.0"] ?? plain([]);
  for (let have = 0; have < first.length; have += 1) {
    const files = { ...version2({}), ...whole, "w/0.0": first.subarray(0, have) };
    expect(await read(files)).toEqual({ kind: "incomplete", have, need: 24 });
  }
  const long = await indexOf({ ...version2({}), ...whole, "w/0.0": concat([first, plain([1])]) });
  expect(long.notes).toEqual(["w: w/0.0 has 28 bytes where its chunk takes 24. The tensor has no norm."]);
});

test("a compressed chunk cut at any byte is damage that names its file", async () => {
  const whole = chunkFiles(dots, zstd);
  const first = whole["w/0.0"] ?? plain([]);
  for (let have = 0; have < first.length; have += 1) {
    const files = { ...version2({ compressor: { id: "zstd" } }), ...whole, "w/0.0": first.subarray(0, have) };
    const index = await indexOf(files);
    await expect(normsIn(files, index.tensors)).rejects.toThrow(/^w\/0\.0: the data at 0 are damaged: .+\.$/);
  }
});

test("a shard cut at any byte has no norm that is wrong", async () => {
  const whole = shard(Object.values(CHUNKS).map(plain));
  for (let have = 0; have < whole.length; have += 1) {
    const files = { "w/zarr.json": zarrJson(SHARDS([BYTES]), ONE_SHARD), "w/c/0/0": whole.subarray(0, have) };
    const index = await indexOf(files);
    expect([index.notes.length, await normsIn(files, index.tensors)]).toEqual([1, {}]);
  }
});

test.each([
  { at: 0, value: 2n ** 63n },
  { at: 8, value: 2n ** 63n },
  { at: 8, value: 25n },
])("an entry of a shard's index that cannot be right is told: $value at $at", async ({ at, value }) => {
  const whole = shard(Object.values(CHUNKS).map(plain));
  new DataView(whole.buffer).setBigUint64(4 * 24 + at, value, true);
  const files = { "w/zarr.json": zarrJson(SHARDS([BYTES]), ONE_SHARD), "w/c/0/0": whole };
  const index = await indexOf(files);
  expect(index.notes).toEqual([expect.stringMatching(/^w: chunk 0 of w\/c\/0\/0 .+ The tensor has no norm\.$/)]);
  expect(await normsIn(files, index.tensors)).toEqual({});
});
