import { fork } from "node:child_process";
import { on, once } from "node:events";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { beforeAll, expect, test } from "vitest";
import { createPulse } from "#worker/threads/pulse.ts";
import type { ThreadStart } from "#worker/threads/threadTask.ts";
import type { FromWorker, ToWorker } from "#protocol/worker.ts";
import { buildProgram } from "../support/build.ts";
import { PSEUDO } from "../support/pseudoBundle.ts";

let script: string;
beforeAll(async () => {
  script = await buildProgram("worker");
});

const LANGUAGE = { name: "other", texts: PSEUDO };

/** What a worker says of a file that is not there. */
async function failureOf(...first: readonly unknown[]): Promise<unknown> {
  const worker = fork(script, [], { serialization: "advanced" });
  try {
    const request = { kind: "indexCheckpoint", path: "/nowhere/g.safetensors" };
    [...first, { kind: "request", id: 1, request } satisfies ToWorker].forEach((message) =>
      worker.send(message as object),
    );
    for await (const [reply] of on(worker, "message") as AsyncIterable<[FromWorker]>) {
      if (reply.kind !== "alive") {
        return reply;
      }
    }
    return undefined;
  } finally {
    worker.kill();
  }
}

test.each([
  { what: "is told nothing", first: [], message: "The file is not there. Was it moved or deleted?" },
  {
    what: "is told a language",
    first: [{ kind: "language", ...LANGUAGE }],
    message: "⟦The file is not there. Was it moved or deleted?⟧",
  },
  {
    what: "is told a language whose texts are no texts",
    first: [{ kind: "language", name: "other", texts: { "The file is empty.": 7 } }],
    message: "The file is not there. Was it moved or deleted?",
  },
])("a worker that $what says: $message", async ({ first, message }) => {
  expect(await failureOf(...first)).toEqual({
    kind: "failure",
    id: 1,
    message: `/nowhere/g.safetensors: ${message}`,
  });
});

test.each([
  {
    what: "English",
    language: { name: "en", texts: {} },
    reason: "A reduction thread was given something that is no task.",
  },
  {
    what: "another language",
    language: LANGUAGE,
    reason: "⟦A reduction thread was given something that is no task.⟧",
  },
])("a thread that starts in $what says: $reason", async ({ language, reason }) => {
  const workerData: ThreadStart = { language, pulse: createPulse().shared };
  const thread = new Worker(join(script, "../thread.cjs"), { workerData });
  try {
    thread.postMessage("nothing");
    expect(await once(thread, "message")).toEqual([{ kind: "failed", reason }]);
  } finally {
    await thread.terminate();
  }
});
