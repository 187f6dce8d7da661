import { readdirSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import process from "node:process";
import { expect, test } from "vitest";
import { ask, findAsked } from "./requests.ts";
import { createTally, IS_LONG, settled } from "./rounds.ts";
import { useSceneWorker } from "./sceneWorker.ts";

const own = useSceneWorker("test");

/** Threads of the worker's process, those of Node among them; 0 where the system does not tell. */
function threadsNow(): number {
  const id = own.worker.client.processId();
  return process.platform === "linux" && id !== undefined ? readdirSync(`/proc/${id}/task`).length : 0;
}

test("requests that fail in a reduction thread leave no thread behind", async (context) => {
  const tally = createTally(context);
  const { request, path } = findAsked(own.scene, "norms");
  const truth = await ask(own.worker.client, request);
  const counts: number[] = [];
  const wanted = IS_LONG ? 30 : 6;
  let fired = 0;
  // One thread may do all before the other has its turn: not every round fails.
  for (let round = 0; fired < wanted && round < 20 * wanted; round += 1) {
    own.worker.plan({ fault: "EIO", atCall: 2, isInThread: true, path });
    const outcome = await tally.time(async () => settled(ask(own.worker.client, request)));
    fired += own.worker.takeFired() && outcome.kind === "failure" ? 1 : 0;
    counts.push(threadsNow());
  }
  expect(fired).toBe(wanted);
  expect(Math.max(...counts)).toBeLessThanOrEqual((counts[0] ?? 0) + 4);
  expect(await ask(own.worker.client, request)).toEqual(truth);
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
    const { request } = findAsked(own.scene, "norms");
    const truth = await ask(own.worker.client, request);
    own.worker.client.restart();
    const whole = `require("./injector.cjs");\nrequire("./thread.real.cjs");\n`;
    await (code === null ? rm(`${own.worker.folder}/thread.cjs`) : writeFile(`${own.worker.folder}/thread.cjs`, code));
    const outcome = await settled(ask(own.worker.client, request));
    if (outcome.kind === "answer") {
      expect(outcome.answer).toEqual(truth);
    } else {
      expect(outcome.message).toMatch(/^[^\n]+\.$/);
    }
    await writeFile(`${own.worker.folder}/thread.cjs`, whole);
    expect(await ask(own.worker.client, request)).toEqual(truth);
  },
);
