import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openPart } from "../../support/openPart.ts";
import type { EngineChoice } from "#core/device.ts";
import { bitsOf } from "#core/dtype.ts";
import type { TensorStatistics } from "#core/tensor.ts";
import type { CheckpointNorms, NormsProgress } from "#protocol/workerAnswers.ts";
import { ALL_CHUNKS } from "#reduction/chunkRange.ts";
import { checkReducible, reduceTensor } from "#reduction/reduce.ts";
import { computeNorms } from "#worker/norms/computeNorms.ts";
import { openCheckpoint } from "#worker/checkpoints/openCheckpoint.ts";
import { reduceInThreads } from "#worker/threads/reduceInThreads.ts";
import { endThreads } from "#worker/threads/threadPool.ts";
import { createTestFolder } from "../../support/testFolder.ts";
import type { TestFolder } from "../../support/testFolder.ts";
import { gradientLike, simdEngine } from "../../reduction/engines.ts";
import { bytesOf, safetensorsFile } from "../../support/safetensors.ts";
import type { TestTensor } from "../../support/safetensors.ts";
import { writeSparseCheckpoint } from "../../support/sparse.ts";

const MiB = 1024 * 1024;
const NEVER = (): void => undefined;

let folder: TestFolder;
let large: string;
let small: string;
beforeAll(async () => {
  folder = await createTestFolder();
  large = await folder.write("large.grads.safetensors", safetensorsFile(largeTensors()));
  small = await folder.write("small.grads.safetensors", safetensorsFile(smallTensors()));
});
afterAll(async () => folder.dispose());

/** 150 MiB in pieces that all differ, one of them with a NaN: enough for several threads. */
function largeTensors(): Record<string, TestTensor> {
  const piece = gradientLike(MiB / 4);
  const values = new Float32Array((140.5 * MiB) / 4);
  for (let at = 0; at < values.length; at += piece.length) {
    const scale = 1 + at / values.length;
    values.set(
      piece.subarray(0, values.length - at).map((value) => value * scale),
      at,
    );
  }
  const broken = gradientLike((9 * MiB) / 4);
  broken[2_000_000] = Number.NaN;
  return {
    whole: { dtype: "F32", shape: [values.length], data: bytesOf(values) },
    broken: { dtype: "F32", shape: [broken.length], data: bytesOf(broken) },
  };
}

/** Two thousand, of many types, at places that no type is aligned to. */
function smallTensors(): Record<string, TestTensor> {
  const dtypes = ["BF16", "F64", "U8", "F16", "F32", "F8_E4M3", "I64", "C64"] as const;
  const bytes = bytesOf(gradientLike(64));
  return Object.fromEntries(
    Array.from({ length: 2000 }, (_, index) => {
      const dtype = dtypes[index % dtypes.length] ?? "U8";
      const elements = 1 + (index % 13);
      const data = bytes.slice(0, (elements * bitsOf(dtype)) / 8);
      return [`t${index}`, { dtype, shape: [elements], data }];
    }),
  );
}

async function simd(path: string, threads: number): Promise<CheckpointNorms> {
  return computeNorms(path, { threads, engine: "simd" });
}

function withoutTime({ tensors, globals, notes }: CheckpointNorms): unknown {
  return { tensors, globals, notes };
}

async function oneByOne(path: string): Promise<(TensorStatistics | string)[]> {
  const { tensors, fileOf, close } = await openCheckpoint(path);
  const engine = await simdEngine();
  const results = [];
  for (const entry of tensors) {
    const outcome = await reduceTensor(engine, { entry, open: (part) => openPart(part, fileOf(part).readInto) });
    results.push(outcome.kind === "ok" ? outcome.value : outcome.kind);
  }
  await close();
  return results;
}

test.each([
  { what: "large", path: () => large },
  { what: "thousands of small", path: () => small },
])("1, 2 and 8 threads give the same bits for $what tensors as one after the other", async ({ path }) => {
  const one = await simd(path(), 1);
  expect(withoutTime(await simd(path(), 2))).toEqual(withoutTime(one));
  expect(withoutTime(await simd(path(), 8))).toEqual(withoutTime(one));
  const statistics = one.tensors.map(({ l2, linf, nan, posInf, negInf, firstNonFinite }) => {
    return { l2, linf, nan, posInf, negInf, firstNonFinite };
  });
  expect(statistics).toEqual(await oneByOne(path()));
  expect(one.notes).toEqual([]);
});

test.each([
  { what: "large", path: () => large },
  { what: "thousands of small", path: () => small },
])("1 and 3 threads give the same bits of the full statistics of $what tensors", async ({ path }) => {
  const full = async (threads: number, engine: EngineChoice): Promise<unknown> =>
    withoutTime(await computeNorms(path(), { threads, engine, isFull: true }));
  const one = await full(1, "simd");
  expect(await full(3, "simd")).toEqual(one);
  expect(JSON.stringify(one)).toMatch(/"l1":[1-9].*"mean":.*"zeros":.*"histogram":\{"firstExponent":/u);
});

test("the engines agree on a checkpoint, and each is the one that was asked for", async () => {
  const [one, other] = [await simd(large, 2), await computeNorms(large, { threads: 2, engine: "onnxruntime" })];
  const [whole, otherWhole] = [one.tensors[0]?.l2 ?? 0, other.tensors[0]?.l2 ?? 0];
  expect([one.engine, other.engine].map(({ name, threads }) => [name, threads])).toEqual([
    ["simd", 2],
    ["onnxruntime", 2],
  ]);
  expect(Math.abs(whole / otherWhole - 1)).toBeLessThan(1e-8);
  expect(one.tensors[1]).toEqual(other.tensors[1]);
});

test("automatic choice is simd where its self-test passes", async () => {
  expect((await computeNorms(small, { threads: 1 })).engine.name).toBe("simd");
});

test("progress grows, and brings each tensor once, in order", async () => {
  const seen: { readonly done: number; readonly names: readonly string[] }[] = [];
  const { tensors, readBytes } = await computeNorms(large, {
    threads: 2,
    onProgress: ({ doneBytes, tensors: finished }) =>
      seen.push({ done: doneBytes, names: finished.map(({ name }) => name) }),
  });
  expect(seen.flatMap(({ names }) => names)).toEqual(tensors.map(({ name }) => name));
  expect(seen.map(({ done }) => done)).toEqual(seen.map(({ done }) => done).toSorted((a, b) => a - b));
  expect(seen.at(-1)?.done).toBe(readBytes);
});

test.each([
  { engine: "simd", threads: 1 },
  { engine: "simd", threads: 2 },
  { engine: "onnxruntime", threads: 2 },
] as const)(
  "an abort ends the work of $threads threads of $engine before the file is read",
  async ({ engine, threads }) => {
    const path = join(folder.path, "sparse.grads.safetensors");
    await writeSparseCheckpoint(path);
    const controller = new AbortController();
    const reports: boolean[] = [];
    const onProgress = ({ doneBytes, totalBytes }: NormsProgress): void => {
      reports.push(doneBytes < totalBytes);
      controller.abort(new Error("stopped by the user"));
    };
    const norms = computeNorms(path, { threads, engine, signal: controller.signal, onProgress });
    await expect(norms).rejects.toThrow("stopped by the user");
    expect(new Set(reports)).toEqual(new Set([true]));
  },
);

test("threads that were stopped or have ended are replaced, and the next result has the same bits", async () => {
  const first = await simd(large, 2);
  endThreads();
  const [second, onnx] = [await simd(large, 2), await computeNorms(large, { threads: 2, engine: "onnxruntime" })];
  endThreads();
  const again = await computeNorms(large, { threads: 2, engine: "onnxruntime" });
  expect([withoutTime(second), withoutTime(again)]).toEqual([withoutTime(first), withoutTime(onnx)]);
});

test("a thread that finds another file in place of the first fails the whole, with its sentence", async () => {
  const { tensors, fileOf, close } = await openCheckpoint(small);
  const [part] = tensors[0]?.parts ?? [];
  // The first thread waits for its first read for ever.
  const file = part && { ...fileOf(part), id: "another", readInto: async () => new Promise<void>(NEVER) };
  const reducible = tensors
    .map(checkReducible)
    .flatMap((each) => (each.kind === "ok" ? [{ entry: each.value.entry, chunks: ALL_CHUNKS }] : []));
  const reduced = reduceInThreads(reducible, {
    fileOf: (own) => file ?? fileOf(own),
    engine: await simdEngine(),
    threads: 2,
    isFull: false,
    onAdvance: () => undefined,
    onSpan: () => undefined,
  });
  await expect(reduced).rejects.toThrow("small.grads.safetensors was replaced by another file while it was read.");
  await close();
});
