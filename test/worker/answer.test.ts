import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { LogBatch, LogPosition } from "#core/log.ts";
import { toJson } from "#core/json.ts";
import { unpacked } from "#core/packedChunks.ts";
import type { PackedBatch } from "#core/packedChunks.ts";
import type { TensorNorms } from "#core/tensor.ts";
import { parseMessage } from "#protocol/parse.ts";
import { workerAnswers } from "#protocol/workerAnswers.ts";
import type { CheckpointListing, NormsProgress } from "#protocol/workerAnswers.ts";
import { answer } from "#worker/answer.ts";
import { computeNorms } from "#worker/norms/computeNorms.ts";
import { computeShare } from "#worker/shares/computeShare.ts";
import { describeError, valueOf } from "#worker/errors.ts";
import { createTestFolder } from "../support/testFolder.ts";
import type { TestFolder } from "../support/testFolder.ts";
import { EXAMPLE } from "../support/build.ts";
import { pickle } from "../support/pickle.ts";
import { bytesOf, safetensorsFile } from "../support/safetensors.ts";
import { tensor, torchZip } from "../support/torch.ts";

let folder: TestFolder;
beforeAll(async () => {
  folder = await createTestFolder();
});
afterAll(async () => folder.dispose());

const OPTIONS = { signal: new AbortController().signal, onProgress: () => undefined };

async function readLog(path: string, position: LogPosition | null): Promise<LogBatch> {
  return unpacked((await answer({ kind: "readLog", path, position }, OPTIONS)) as PackedBatch);
}

function values({ chunks }: LogBatch): number[][] {
  return chunks.map((one) => [...one.steps, ...one.values, ...one.lines]);
}

test("a log is read on from where it stopped, by the position alone", async () => {
  const first = '{"step": 1, "grad_norm": 2}\n{"step": 2, "grad';
  const path = await folder.write("metrics.jsonl", first);
  const one = await readLog(path, null);
  await folder.write("metrics.jsonl", `${first}_norm": NaN}\n`);
  const two = await readLog(path, structuredClone(one.position));
  const three = await readLog(path, two.position);
  expect([one, two, three].map(values)).toEqual([[[1, 2, 0]], [[2, Number.NaN, 1]], []]);
});

test("a folder's checkpoint is all the files that lie in it", async () => {
  const data = bytesOf(Float32Array.of(3, 4));
  const file = safetensorsFile({ w: { dtype: "F32", shape: [2], data } });
  await folder.write("save/model.safetensors", file);
  await folder.write("save/grads.safetensors", file);
  await folder.write("save/deeper/model.safetensors", file);
  const { tensors, globals } = await computeNorms(join(folder.path, "save"), { threads: 1 });
  expect([tensors.map((one) => [one.file, one.kind, one.l2]), Object.keys(globals)]).toEqual([
    [
      ["grads.safetensors", "gradient", 5],
      ["model.safetensors", "weight", 5],
    ],
    ["gradient", "weight"],
  ]);
});

test("only the tensors that are wanted are read", async () => {
  const path = join(EXAMPLE, "checkpoint-200/grads.safetensors");
  const { tensors, readBytes } = await computeNorms(path, {
    threads: 1,
    isWanted: ({ name }) => name === "lm_head.weight",
  });
  expect([tensors.map(({ name }) => name), readBytes]).toEqual([["lm_head.weight"], 75 * 48 * 4]);
});

test("a checkpoint that is not there says so, and one in deeper folders is pointed at", async () => {
  await folder.write("run/step1/model.safetensors", safetensorsFile({}));
  const messages = [join(folder.path, "none"), join(folder.path, "run")].map(async (path) =>
    computeNorms(path, { threads: 1 }).then(String, describeError),
  );
  expect(await Promise.all(messages)).toEqual([
    `${folder.path}/none: The file is not there. Was it moved or deleted?`,
    `${folder.path}/run: no checkpoint lies in this folder. There are 1 in its folders, such as ${folder.path}/run/step1/model.safetensors; name one.`,
  ]);
});

test.each([
  { error: new Error("It shrank."), text: "It shrank." },
  { error: "text", text: "text" },
  {
    error: Object.assign(new Error("EACCES: denied"), { code: "EACCES", path: "/a" }),
    text: "/a: The file may not be read by this user. Check its permissions.",
  },
  { error: Object.assign(new Error("odd"), { code: "EODD" }), text: "odd" },
])("people read of an error: $text", ({ error, text }) => {
  expect(describeError(error)).toBe(text);
});

test("a failure names the file it is about", () => {
  expect(() => valueOf({ kind: "malformed", offset: 8, what: "No JSON." }, "/a/b")).toThrow("/a/b: Byte 8: No JSON.");
});

test("shares in a folder are answered as one computation, their tensors as progress", async () => {
  const path = join(EXAMPLE, "checkpoint-200/grads.safetensors");
  for (const index of [1, 2]) {
    const part = await computeShare(path, { threads: 1, share: { index, count: 2 } });
    await folder.write(`shares/share-${index}-of-2.json`, toJson(part));
  }
  const tensors: TensorNorms[] = [];
  const request = { kind: "mergeShares", folder: join(folder.path, "shares") } as const;
  const options = { ...OPTIONS, onProgress: (progress: NormsProgress) => void tensors.push(...progress.tensors) };
  const merged = parseMessage(workerAnswers.mergeShares, await answer(request, options));
  const local = await computeNorms(path, { threads: 1, engine: "simd" });
  expect({ ...merged, tensors, seconds: local.seconds }).toEqual(local);
});

test("of shares that are missing the answer is which", async () => {
  const part = await computeShare(join(EXAMPLE, "checkpoint-200/grads.safetensors"), {
    threads: 1,
    share: { index: 2, count: 3 },
  });
  await folder.write("some/share-2-of-3.json", toJson(part));
  await folder.write("none/notes.txt", "");
  const ask = async (name: string): Promise<unknown> =>
    answer({ kind: "mergeShares", folder: join(folder.path, name) }, OPTIONS);
  await expect(ask("some")).rejects.toThrow("Shares 1, 3 of 3 are missing.");
  await expect(ask("none")).rejects.toThrow("none: no share of a checkpoint is here.");
});

test("an index says which tensors lie in the same bytes, and which files it was read from", async () => {
  const storage = { key: "0", type: "Float", elements: 2, data: bytesOf(Float32Array.of(3, 4)) };
  const pair = tensor({ storage, size: [2], stride: [1] });
  const other = { ...storage, key: "1" };
  const own = tensor({ storage: other, size: [2], stride: [1] });
  const path = await folder.write(
    "tied.pt",
    torchZip(pickle({ wte: pair, body: own, lm_head: pair }), [storage, other]),
  );
  const listing = (await answer({ kind: "indexCheckpoint", path }, OPTIONS)) as CheckpointListing;
  expect([listing.tensors.map(({ name }) => name), listing.ties, listing.files]).toEqual([
    ["wte", "body", "lm_head"],
    [[2, 0]],
    [path],
  ]);
});
