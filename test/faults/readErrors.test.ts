import { basename, dirname } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createFaultyWorker } from "./faultyWorker.ts";
import type { FaultyWorker } from "./faultyWorker.ts";
import { ask, createScene } from "./requests.ts";
import type { Asked, Scene } from "./requests.ts";
import { atEachCall, createTally, IS_LONG, settled } from "./rounds.ts";
import type { Settled } from "./rounds.ts";

// A file system that fails one call of a request: each call in turn, in the worker's own thread and in its reduction threads.

let scene: Scene;
let worker: FaultyWorker;
beforeAll(async () => {
  scene = await createScene();
  worker = await createFaultyWorker(`${scene.path}/programs`);
});
afterAll(async () => {
  worker.client.dispose();
  await scene.dispose();
});

const ERRORS = ["EIO", "EACCES", "ESTALE", "EMFILE", "ENOSPC"] as const;

test.for(IS_LONG ? ERRORS : ERRORS.slice(0, 2))(
  "%s in any call of any request is a sentence that names the file, or costs nothing; the next request is right",
  async (fault, context) => {
    const { time } = createTally(context);
    const wrong: unknown[] = [];
    for (const asked of scene.asked) {
      const truth = await ask(worker.client, asked.request);
      for (const isInThread of [false, true]) {
        await atEachCall(async (atCall) => {
          worker.plan({ fault, atCall, isInThread, path: asked.path });
          const outcome = await time(async () => settled(ask(worker.client, asked.request)));
          const hasFired = worker.takeFired();
          const next = await settled(ask(worker.client, asked.request));
          const found =
            wrongIn(outcome, asked, truth) ??
            (isDeepStrictEqual(next, { kind: "answer", answer: truth }) ? null : next);
          if (found !== null) {
            wrong.push({ what: asked.what, atCall, isInThread, found });
          }
          return hasFired;
        });
      }
    }
    expect([wrong, worker.output()]).toEqual([[], ""]);
  },
);

/** What is wrong with an outcome; null when it is the truth or a plain sentence about the file. */
function wrongIn(outcome: Settled, { path, mayMiss, request }: Asked, truth: unknown): unknown {
  if (outcome.kind === "answer") {
    return mayMiss === true || isDeepStrictEqual(outcome.answer, truth) ? null : outcome.answer;
  }
  const { message } = outcome;
  const folder = dirname(path);
  const about = "path" in request ? request.path : folder;
  const isPlain = !/\n|\bat \w+ \(|injected|undefined/.test(message) && message.length < 500;
  return isPlain && (message.includes(basename(path)) || message.includes(folder) || message.includes(about))
    ? null
    : message;
}
