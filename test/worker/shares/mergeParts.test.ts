import { rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { EngineChoice } from "#core/device.ts";
import { toJson } from "#core/json.ts";
import { parseNormsPart } from "#protocol/normsPart.ts";
import type { NormsPart } from "#protocol/normsPart.ts";
import type { CheckpointNorms } from "#protocol/workerAnswers.ts";
import { computeNorms } from "#worker/norms/computeNorms.ts";
import { computeShare } from "#worker/shares/computeShare.ts";
import { mergeParts } from "#worker/shares/mergeParts.ts";
import { createTestFolder } from "../../support/testFolder.ts";
import type { TestFolder } from "../../support/testFolder.ts";
import { gradientLike } from "../../reduction/engines.ts";
import { dcpFiles } from "../../support/dcp.ts";
import type { TestChunk } from "../../support/dcp.ts";
import { bytesOf, safetensorsFile } from "../../support/safetensors.ts";
import { tensor, torchZip } from "../../support/torch.ts";
import { chunkFiles, plain, zarray, zstd } from "../../support/zarr.ts";

const Mi = 1024 * 1024;
type Files = Readonly<Record<string, string | Uint8Array>>;

/** Several chunks each, a NaN in a later one, float64 of every size, a tensor without elements and one without a norm. */
function longTensors(): Files {
  const broken = gradientLike(1.5 * Mi);
  broken[1.2 * Mi] = Number.NEGATIVE_INFINITY;
  const wide = Float64Array.from(gradientLike(Mi), (value, at) => value * 10 ** ((at % 600) - 300));
  const tensors = {
    a: { dtype: "F32", shape: [3 * Mi], data: bytesOf(gradientLike(3 * Mi)) },
    "grad.b": { dtype: "F32", shape: [3, Mi / 2], data: bytesOf(broken) },
    c: { dtype: "F64", shape: [Mi], data: bytesOf(wide) },
    d: { dtype: "F32", shape: [0, 4], data: new Uint8Array() },
    e: { dtype: "F6_E2M3", shape: [8], data: new Uint8Array(6) },
  };
  return { "long.safetensors": safetensorsFile(tensors) };
}

/** Views of one storage: as it lies, the same again, transposed, a part of it with gaps, and one element repeated. */
function views(): Files {
  const [rows, columns] = [1024, 2304];
  const elements = rows * columns;
  const storage = { key: "0", type: "Float", elements, data: bytesOf(gradientLike(elements)) };
  const size = [rows, columns];
  return {
    "views.pt": torchZip(
      {
        own: tensor({ storage, size, stride: [columns, 1] }),
        tied: tensor({ storage, size, stride: [columns, 1] }),
        transposed: tensor({ storage, size: [columns, rows], stride: [1, columns] }),
        gaps: tensor({ storage, offset: 3, size: [rows, columns - 5], stride: [columns, 1] }),
        repeated: tensor({ storage, offset: 7, size: [1000, 3], stride: [1, 0] }),
      },
      [storage],
    ),
  };
}

function byDots(row: string, column: string): string {
  return `${row}.${column}`;
}

/** Zarr: compressed chunks, and an array of which one is damaged. */
function codedChunks(): Files {
  const compressed = { "w/.zarray": zarray({ compressor: { id: "zstd" } }), ...chunkFiles(byDots, zstd) };
  const damaged = Object.entries(compressed).map(([name, content]) => [name.replace("w/", "v/"), content] as const);
  return {
    ...compressed,
    ...Object.fromEntries(damaged),
    "v/1.0": zstd([11, 12, 13, 99, 99, 99]).slice(0, -4),
    "u/.zarray": zarray({ shape: [2], chunks: [2] }),
    "u/0": plain([3, 4]),
  };
}

/** A save of two ranks, each of which has columns of a matrix. */
function ranks(): Files {
  return dcpFiles({ tensors: { w: { shape: [2, 4], chunks: [columnsOf(0), columnsOf(1)] } } });
}

function columnsOf(rank: number): TestChunk {
  const values = [1, 2, 3, 4].map((value) => value / (rank + 3));
  return { start: [0, 2 * rank], shape: [2, 2], values, rank };
}

let folder: TestFolder;
const CHECKPOINTS = [
  { what: "long tensors", files: longTensors(), path: "long.safetensors" },
  { what: "views of one storage", files: views(), path: "views.pt" },
  { what: "compressed and damaged chunks", files: codedChunks(), path: "." },
  { what: "a save of several ranks", files: ranks(), path: "." },
];
beforeAll(async () => {
  folder = await createTestFolder();
  for (const [at, { files }] of CHECKPOINTS.entries()) {
    for (const [name, content] of Object.entries(files)) {
      await folder.write(join(String(at), name), content);
    }
  }
});
afterAll(async () => folder.dispose());

interface Cut {
  readonly engine: EngineChoice;
  readonly isFull: boolean;
}

async function partsOf(path: string, count: number, options: Cut): Promise<[NormsPart, ...NormsPart[]]> {
  const part = async (index: number): Promise<NormsPart> =>
    parseNormsPart(toJson(await computeShare(path, { ...options, threads: 1, share: { index, count } })));
  const others = [];
  for (let index = count; index > 1; index -= 1) {
    others.push(await part(index));
  }
  return [others.shift() ?? (await part(1)), ...others, ...(count > 1 ? [await part(1)] : [])];
}

/** Also in the order of its keys. */
function withoutTimes(norms: CheckpointNorms): unknown {
  return JSON.parse(toJson({ ...norms, seconds: 0, engine: { ...norms.engine, rates: [] } }));
}

describe.each(CHECKPOINTS.map(({ what, path }, at) => ({ what, place: join(String(at), path) })))(
  "$what",
  ({ place }) => {
    test.each([
      { engine: "simd", isFull: true },
      { engine: "simd", isFull: false },
      { engine: "onnxruntime", isFull: false },
    ] as const)("in 1, 2, 3, 7 and 64 shares of $engine give what one run gives (full: $isFull)", async (cut) => {
      const path = join(folder.path, place);
      const local = withoutTimes(await computeNorms(path, { ...cut, threads: 2 }));
      for (const count of [1, 2, 3, 7, 64]) {
        const merged = mergeParts(await partsOf(path, count, { ...cut }));
        expect({ count, merged: withoutTimes({ ...merged, engine: { ...merged.engine, threads: 2 } }) }).toEqual({
          count,
          merged: local,
        });
      }
    });
  },
);

test("a tensor whose chunks are not all there is refused", async () => {
  const path = join(folder.path, "0/long.safetensors");
  const [last, ...others] = await partsOf(path, 3, { engine: "simd", isFull: false });
  const shortened = { ...last, tensors: last.tensors.slice(0, -1) };
  expect(() => mergeParts([shortened, ...others])).toThrow(/not all of its chunks are in the shares|begins with chunk/);
});

test("a share that is there already is taken when it is of the same computation, and not computed", async () => {
  const path = join(folder.path, "0/long.safetensors");
  const share = { index: 1, count: 2 };
  const first = await computeShare(path, { threads: 1, share });
  const again = await computeShare(path, {
    threads: 1,
    share,
    existing: async (fingerprint) => {
      expect(fingerprint).toEqual(first.fingerprint);
      return first;
    },
  });
  expect(again).toBe(first);
});

test("a share of a checkpoint that is gone is refused", async () => {
  const path = await folder.write("gone.safetensors", safetensorsFile({}));
  await rm(path);
  await expect(computeShare(path, { threads: 1, share: { index: 1, count: 2 } })).rejects.toThrow("ENOENT");
});
