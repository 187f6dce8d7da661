import { basename, dirname } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { expect, test } from "vitest";
import { ask } from "./requests.ts";
import type { Asked } from "./requests.ts";
import { atEachCall, createTally, IS_LONG, settled } from "./rounds.ts";
import { useSceneWorker } from "./sceneWorker.ts";
import type { Settled } from "./rounds.ts";

// A file system that fails one call of a request: each call in turn, in the worker's own thread and in its reduction threads.

const own = useSceneWorker("file");

const ERRORS = ["EIO", "EACCES", "ESTALE", "EMFILE", "ENOSPC"] as const;

test.for(IS_LONG ? ERRORS : ERRORS.slice(0, 2))(
  "%s in any call of any request is a sentence that names the file, or costs nothing; the next request is right",
  async (fault, context) => {
    const { time } = createTally(context);
    const wrong: unknown[] = [];
    for (const asked of own.scene.asked) {
      const truth = await ask(own.worker.client, asked.request);
      for (const isInThread of [false, true]) {
        await atEachCall(async (atCall) => {
          own.worker.plan({ fault, atCall, isInThread, path: asked.path });
          const outcome = await time(async () => settled(ask(own.worker.client, asked.request)));
          const hasFired = own.worker.takeFired();
          const next = await settled(ask(own.worker.client, asked.request));
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
    expect([wrong, own.worker.output()]).toEqual([[], ""]);
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
