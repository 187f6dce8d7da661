import { expect, test } from "vitest";

import { reduceTensor } from "#reduction/reduce.ts";
import { createScriptEngine } from "#reduction/scriptEngine.ts";

import { bytesOf } from "../support/safetensors.ts";
import { entryOf, f32, gradientLike, openIn, reduceBytes } from "./engines.ts";

const CHUNK = 4 * 1024 * 1024;
const UNREADABLE = () => (): Promise<void> => Promise.reject(new Error("This source cannot be read."));
const THREE_CHUNKS = bytesOf(gradientLike((2.5 * CHUNK) / 4));

test("a tensor without elements has norm 0 and costs no read", async () => {
  expect(await reduceTensor(createScriptEngine(), { entry: entryOf("F32", 0), open: UNREADABLE })).toEqual({
    kind: "ok",
    value: { l2: 0, linf: 0, nan: 0, posInf: 0, negInf: 0, firstNonFinite: null },
  });
});

test.each(["F6_E2M3", "F6_E3M2"] as const)("%s is unsupported, in a sentence with the tensor's name", async (dtype) => {
  const outcome = await reduceTensor(createScriptEngine(), {
    entry: entryOf(dtype, 3),
    open: openIn(new Uint8Array(3)),
  });
  const what = `t: Gradlens cannot decode elements of ${dtype}, so it has no norm here.`;
  expect(outcome).toEqual({ kind: "unsupported", what });
});

test("an entry whose bytes do not fit its elements is malformed", async () => {
  const entry = { ...entryOf("F32", 8), elements: 3 };
  const what = "t: 3 elements of F32 do not fill 8 bytes. Nothing was reduced.";
  expect(await reduceTensor(createScriptEngine(), { entry, open: openIn(new Uint8Array(8)) })).toEqual({
    kind: "malformed",
    offset: 0,
    what,
  });
});

test("a tensor is asked for in whole chunks, in order", async () => {
  const asked: [number, number][] = [];
  const open = () => async (target: Uint8Array, offset: number) => {
    asked.push([offset, target.length]);
    target.set(THREE_CHUNKS.subarray(offset, offset + target.length));
  };
  const engine = createScriptEngine();
  const outcome = await reduceTensor(engine, { entry: entryOf("F32", THREE_CHUNKS.length), open });
  expect(outcome).toEqual({ kind: "ok", value: await reduceBytes(engine, "F32", THREE_CHUNKS) });
  expect(asked).toEqual([
    [0, CHUNK],
    [CHUNK, CHUNK],
    [2 * CHUNK, CHUNK / 2],
  ]);
});

test("progress counts the bytes of the tensor", async () => {
  const done: number[] = [];
  const input = { entry: entryOf("F32", THREE_CHUNKS.length), open: openIn(THREE_CHUNKS) };
  await reduceTensor(createScriptEngine(), input, { onProgress: (bytes) => done.push(bytes) });
  expect(done).toEqual([CHUNK, 2 * CHUNK, 2.5 * CHUNK]);
});

test("an abort stops between chunks, and the engine can go on with another tensor", async () => {
  const engine = createScriptEngine();
  const stop = new AbortController();
  const done: number[] = [];
  const onProgress = (bytes: number): void => {
    done.push(bytes);
    stop.abort(new Error("stopped by the user"));
  };
  const input = { entry: entryOf("F32", THREE_CHUNKS.length), open: openIn(THREE_CHUNKS) };
  await expect(reduceTensor(engine, input, { signal: stop.signal, onProgress })).rejects.toThrow("stopped by the user");
  expect(done).toEqual([CHUNK]);
  expect((await reduceBytes(engine, "F32", f32(3, 4))).l2).toBe(5);
});

test("an abort before the start reads nothing", async () => {
  const reduced = reduceTensor(
    createScriptEngine(),
    { entry: entryOf("F32", 4), open: UNREADABLE },
    { signal: AbortSignal.abort() },
  );
  await expect(reduced).rejects.toThrow("aborted");
});

test("a failing read rejects, and the engine can go on with another tensor", async () => {
  const engine = createScriptEngine();
  const open = openIn(THREE_CHUNKS.subarray(0, CHUNK + 5));
  await expect(reduceTensor(engine, { entry: entryOf("F32", 2 * CHUNK), open })).rejects.toThrow("bytes, not");
  expect((await reduceBytes(engine, "F32", f32(3, 4))).l2).toBe(5);
});

test("two tensors at once on one engine are refused rather than mixed", async () => {
  const engine = createScriptEngine();
  const input = { entry: entryOf("F32", THREE_CHUNKS.length), open: openIn(THREE_CHUNKS) };
  const first = reduceTensor(engine, input);
  await expect(reduceTensor(engine, input)).rejects.toThrow("one tensor at a time");
  expect((await first).kind).toBe("ok");
});
