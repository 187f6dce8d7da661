import { expect, test } from "vitest";

import { readSafetensors } from "#readers/checkpoints/safetensors/safetensors.ts";
import { combineShards, parseShardIndex } from "#readers/checkpoints/shardIndex.ts";

import { folderOf } from "../../support/folderSource.ts";
import { bytesOf, safetensorsFile } from "../../support/safetensors.ts";

const FLOAT = { dtype: "F32", shape: [1], data: bytesOf(Float32Array.of(3)) };

function parse(index: unknown): ReturnType<typeof parseShardIndex> {
  return parseShardIndex(new TextEncoder().encode(typeof index === "string" ? index : JSON.stringify(index)));
}

test("an index gives each tensor its file", () => {
  const weight_map = {
    "a.weight": "model-1.safetensors",
    "b.weight": "sub/model-2.safetensors",
    "c.weight": "model-1.safetensors",
  };
  expect(parse({ metadata: { total_size: 12 }, weight_map })).toEqual({
    kind: "ok",
    value: { fileOf: new Map(Object.entries(weight_map)), files: ["model-1.safetensors", "sub/model-2.safetensors"] },
  });
});

test("shards come in the order of their numbers, though the index sorts names", () => {
  const weight_map = { "lm_head.weight": "model-00002-of-00002.bin", "wte.weight": "model-00001-of-00002.bin" };
  const index = parse({ weight_map });
  expect(index.kind === "ok" && index.value.files).toEqual(["model-00001-of-00002.bin", "model-00002-of-00002.bin"]);
});

test.each([
  "/etc/passwd",
  "../model.safetensors",
  "sub/../../model.safetensors",
  "..",
  ".",
  "",
  "sub//model.safetensors",
  "C:model.safetensors",
  "..\\model.safetensors",
  "\\\\server\\share",
  "model\0.safetensors",
])("an index that names the file %j is refused", (file) => {
  const what = expect.stringContaining("is not inside the checkpoint's folder. It was not opened.") as string;
  expect(parse({ weight_map: { a: file } })).toEqual({ kind: "malformed", offset: 15, what });
});

test.each([
  { index: "", what: "Expected {" },
  { index: "{}", what: "no weight_map" },
  { index: '{"weight_map":[]}', what: "Expected {" },
  { index: '{"weight_map":{"a":1}}', what: 'Expected "' },
  { index: '{"weight_map":{"a":"m","a":"m"}}', what: "a: listed twice" },
  { index: '{"weight_map":{"a":"m"', what: "Expected ," },
])("the index $index is malformed", ({ index, what }) => {
  expect(parse(index)).toEqual({
    kind: "malformed",
    offset: expect.any(Number) as number,
    what: expect.stringContaining(what) as string,
  });
});

test("shards become one index; whatever does not fit becomes a note", async () => {
  const files: Record<string, Uint8Array> = {
    "1.safetensors": safetensorsFile({ a: FLOAT, stray: FLOAT, moved: FLOAT }, { format: "pt" }),
    "2.safetensors": safetensorsFile({ moved: FLOAT }),
    "4.safetensors": safetensorsFile({ late: FLOAT }).slice(0, -1),
  };
  const weight_map = {
    a: "1.safetensors",
    lost: "1.safetensors",
    moved: "2.safetensors",
    gone: "3.safetensors",
    late: "4.safetensors",
  };
  const index = parse({ weight_map });
  const combined =
    index.kind === "ok"
      ? await combineShards(index.value, {
          format: "safetensors",
          companions: folderOf(files),
          readShard: readSafetensors,
        })
      : undefined;
  expect(combined?.tensors.map(({ name, file }) => [name, file])).toEqual([
    ["a", "1.safetensors"],
    ["stray", "1.safetensors"],
    ["moved", "2.safetensors"],
  ]);
  expect(combined).toMatchObject({ format: "safetensors", metadata: { format: "pt" } });
  expect(combined?.notes).toEqual([
    "1.safetensors lacks tensors the index places in it: lost.",
    "1.safetensors has tensors the index places elsewhere; left out: moved.",
    "1.safetensors has tensors the index does not name; listed all the same: stray.",
    "3.safetensors: the index names this file, but it is missing.",
    "4.safetensors: The file has 68 of 69 bytes. It may still be writing; try again when it is complete.",
  ]);
});
