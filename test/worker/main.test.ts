import { fork } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parseMessage } from "#protocol/parse.ts";
import { fromWorker } from "#protocol/worker.ts";
import { workerAnswers } from "#protocol/workerAnswers.ts";
import type { FromWorker } from "#protocol/worker.ts";
import { createTestFolder } from "../support/testFolder.ts";
import type { TestFolder } from "../support/testFolder.ts";
import { EXAMPLE, buildProgram } from "../support/build.ts";
import { writeSparseCheckpoint } from "../support/sparse.ts";

let script: string;
let folder: TestFolder;
let worker: ChildProcess;
beforeAll(async () => {
  [script, folder] = await Promise.all([buildProgram("worker"), createTestFolder()]);
  worker = startWorker();
});
afterAll(async () => {
  worker.kill();
  await folder.dispose();
});

function startWorker(...args: readonly string[]): ChildProcess {
  return fork(script, args, { serialization: "advanced" });
}

/** Every message but signs of life, up to the first that is no progress. */
async function replies(to: ChildProcess, onProgress: () => void = () => undefined): Promise<FromWorker[]> {
  return new Promise((resolve) => {
    const heard: FromWorker[] = [];
    const listen = (message: unknown): void => {
      const reply = parseMessage(fromWorker, message);
      if (reply?.kind === "alive") {
        return;
      }
      if (reply !== undefined) {
        heard.push(reply);
      }
      if (reply?.kind === "progress") {
        onProgress();
      } else {
        to.off("message", listen);
        resolve(heard);
      }
    };
    to.on("message", listen);
  });
}

test.each([
  { what: "no object", message: 7 },
  { what: "an unknown kind", message: { kind: "shutdown", id: 1 } },
  { what: "a request without an id", message: { kind: "request", request: { kind: "indexCheckpoint", path: "/" } } },
  { what: "a cancellation of nothing", message: { kind: "cancel", id: 12_345 } },
])("$what is dropped and the next request is answered", async ({ message }) => {
  worker.send(message);
  const request = { kind: "discoverRuns", folder: folder.path, maxEntries: 10 };
  worker.send({ kind: "request", id: 2, request });
  expect(await replies(worker)).toEqual([
    { kind: "answer", id: 2, answer: { runs: [], truncated: false, unreadable: [] } },
  ]);
});

test.each([
  {
    what: "an unknown request",
    request: { kind: "deleteFile" },
    message: expect.stringMatching(
      /^The request cannot be read: kind: Invalid type: Expected \("discoverRuns" \| .*\) but received "deleteFile"$/,
    ) as string,
  },
  {
    what: "a request with a negative number of threads",
    request: { kind: "computeNorms", path: "/", threads: -1 },
    message: "The request cannot be read: threads: Invalid value: Expected >=0 but received -1",
  },
  {
    what: "a file that is not there",
    request: { kind: "indexCheckpoint", path: "/nowhere/g.safetensors" },
    message: "/nowhere/g.safetensors: The file is not there. Was it moved or deleted?",
  },
  {
    what: "a log that is not there",
    request: { kind: "readLog", path: "/nowhere/metrics.jsonl", position: null },
    message: "/nowhere/metrics.jsonl: The file is not there. Was it moved or deleted?",
  },
])("$what fails with a sentence", async ({ request, message }) => {
  worker.send({ kind: "request", id: 3, request });
  expect(await replies(worker)).toEqual([{ kind: "failure", id: 3, message }]);
});

test("a file that is no checkpoint fails with its path and the offset", async () => {
  const path = await folder.write("bad.safetensors", '\u0008\0\0\0\0\0\0\0{"a": 1}');
  worker.send({ kind: "request", id: 4, request: { kind: "computeNorms", path, threads: 1 } });
  expect(await replies(worker)).toEqual([
    { kind: "failure", id: 4, message: `${path}: Byte 14: Expected { in the JSON.` },
  ]);
});

test("the report on engines comes whole from the process, with the one that is taken among the measured", async () => {
  worker.send({ kind: "request", id: 10, request: { kind: "reportEngines", threads: 1 } });
  const [reply] = await replies(worker);
  const report = parseMessage(workerAnswers.reportEngines, reply?.kind === "answer" ? reply.answer : reply);
  expect(report?.rates.some(({ name, device }) => name === report.chosen.name && device === report.chosen.device)).toBe(
    true,
  );
});

test("norms come as progress that adds up to the whole file, then one answer", async () => {
  const path = join(EXAMPLE, "checkpoint-241/grads.safetensors");
  worker.send({ kind: "request", id: 5, request: { kind: "computeNorms", path, threads: 1 } });
  const heard = await replies(worker);
  const progress = heard.flatMap((reply) => (reply.kind === "progress" ? [reply.progress] : []));
  const tensors = progress.flatMap((one) => (one as { tensors: unknown[] }).tensors);
  expect([heard.at(-1)?.kind, tensors.length, progress.at(-1)]).toMatchObject([
    "answer",
    41,
    { doneBytes: 380_736, totalBytes: 380_736 },
  ]);
});

test("a cancelled request is answered with `cancelled`, and the others go on", async () => {
  const path = join(folder.path, "big.safetensors");
  await writeSparseCheckpoint(path);
  worker.send({ kind: "request", id: 6, request: { kind: "computeNorms", path, threads: 1 } });
  const heard = await replies(worker, () => worker.send({ kind: "cancel", id: 6 }));
  worker.send({ kind: "request", id: 7, request: { kind: "indexCheckpoint", path } });
  const [answer] = await replies(worker);
  expect([heard.at(-1), answer]).toMatchObject([
    { kind: "cancelled", id: 6 },
    { kind: "answer", id: 7, answer: { tensors: [{ name: "h.0.weight", elements: 2 ** 34 }] } },
  ]);
});

test("without a request the process says that it is idle and ends, but not while another request runs", async () => {
  const soon = startWorker("1");
  const heard: unknown[] = [];
  soon.on("message", (message: FromWorker) => heard.push("id" in message ? [message.kind, message.id] : message.kind));
  const exited = once(soon, "close");
  const path = join(EXAMPLE, "checkpoint-241/grads.safetensors");
  soon.send({ kind: "request", id: 8, request: { kind: "computeNorms", path, threads: 1 } });
  soon.send({ kind: "request", id: 9, request: { kind: "deleteFile" } });
  expect([await exited, new Set(heard.map(String))]).toEqual([
    [0, null],
    new Set(["alive", "failure,9", "progress,8", "answer,8", "idle"]),
  ]);
});

test("the process ends when its parent lets go of it", async () => {
  const orphan = startWorker();
  const exited = once(orphan, "exit");
  orphan.disconnect();
  expect(await exited).toEqual([null, "SIGKILL"]);
});
