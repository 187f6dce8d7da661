import { readdirSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import process from "node:process";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createFaultyWorker } from "./faultyWorker.ts";
import type { FaultyWorker } from "./faultyWorker.ts";
import { ask, createScene } from "./requests.ts";
import type { Scene } from "./requests.ts";
import { createTally, IS_LONG, settled } from "./rounds.ts";

let scene: Scene;
let worker: FaultyWorker;
beforeEach(async () => {
  scene = await createScene();
  worker = await createFaultyWorker(`${scene.path}/programs`);
});
afterEach(async () => {
  worker.client.dispose();
  await scene.dispose();
});

/** Threads of the worker's process, those of Node among them; 0 where the system does not tell. */
function threadsNow(): number {
  const id = worker.client.processId();
  return process.platform === "linux" && id !== undefined ? readdirSync(`/proc/${id}/task`).length : 0;
}

test("requests that fail in a reduction thread leave no thread behind", async (context) => {
  const tally = createTally(context);
  const norms = scene.asked.find(({ what }) => what === "norms");
  expect(norms).toBeDefined();
  const { request, path } = norms ?? { request: { kind: "findConfig", folder: "" } as const, path: "" };
  const truth = await ask(worker.client, request);
  const counts: number[] = [];
  for (let round = 0; round < (IS_LONG ? 60 : 12); round += 1) {
    worker.plan({ fault: "EIO", atCall: 2, isInThread: true, path });
    await tally.time(async () => settled(ask(worker.client, request)));
    worker.takeFired();
    counts.push(threadsNow());
  }
  expect(Math.max(...counts)).toBeLessThanOrEqual((counts[0] ?? 0) + 4);
  expect(await ask(worker.client, request)).toEqual(truth);
});

test.each([
  { how: "cannot be loaded", code: "throw new Error('no such library');" },
  { how: "is not there", code: null },
  { how: "ends at once", code: "process.exit(0);" },
  {
    how: "ends with its first task",
    code: "require('node:worker_threads').parentPort.on('message', () => process.exit(1));",
  },
  {
    how: "answers nonsense",
    code: "const { parentPort } = require('node:worker_threads'); parentPort.on('message', () => parentPort.postMessage(7));",
  },
])(
  "when the threads' program $how, norms come right or with a sentence, and come right with the next one",
  async ({ code }) => {
    const norms = scene.asked.find(({ what }) => what === "norms");
    const { request } = norms ?? { request: { kind: "findConfig", folder: "" } as const };
    const truth = await ask(worker.client, request);
    worker.client.restart();
    const whole = `require("./injector.cjs");\nrequire("./thread.real.cjs");\n`;
    await (code === null ? rm(`${worker.folder}/thread.cjs`) : writeFile(`${worker.folder}/thread.cjs`, code));
    const outcome = await settled(ask(worker.client, request));
    if (outcome.kind === "answer") {
      expect(outcome.answer).toEqual(truth);
    } else {
      expect(outcome.message).toMatch(/^[^\n]+\.$/);
    }
    await writeFile(`${worker.folder}/thread.cjs`, whole);
    expect(await ask(worker.client, request)).toEqual(truth);
  },
);
