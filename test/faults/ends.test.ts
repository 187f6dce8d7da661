import { setTimeout } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createFaultyWorker, isAlive } from "./faultyWorker.ts";
import type { FaultyOptions, FaultyWorker } from "./faultyWorker.ts";
import type { Fault } from "./plan.ts";
import { ask, createScene } from "./requests.ts";
import type { Asked, Scene } from "./requests.ts";
import { atEachCall, createTally, IS_LONG, settled } from "./rounds.ts";

// The worker's process ends, or hangs, in one of the calls of a request: each call in turn.

let scene: Scene;
let worker: FaultyWorker;
let truths: ReadonlyMap<Asked, unknown>;
beforeAll(async () => {
  scene = await createScene();
  worker = await createFaultyWorker(`${scene.path}/programs`);
  truths = new Map(
    await Promise.all(scene.asked.map(async (asked) => [asked, await ask(worker.client, asked.request)] as const)),
  );
});
afterAll(async () => {
  worker.client.dispose();
  await scene.dispose();
});

/** In a short run the requests that read in the most ways. */
function requestsToTry(): readonly Asked[] {
  const short = ["a log", "norms with a cache"];
  return scene.asked.filter(({ what }) => IS_LONG || short.includes(what));
}

/** Processes that are still there after a moment. */
async function processesLeft(of: FaultyWorker): Promise<readonly number[]> {
  const current = of.client.processId();
  const left = (): number[] => of.processIds().filter((id) => id !== current && isAlive(id));
  for (const endMs = performance.now() + 2000; left().length > 0 && performance.now() < endMs;) {
    await setTimeout(20);
  }
  return left();
}

async function endAtEachCall(fault: Fault, on: FaultyWorker, asked: Asked, time: Time): Promise<string[]> {
  const wrong: string[] = [];
  await atEachCall(async (atCall) => {
    on.client.restart();
    on.plan({ fault, atCall, isInThread: false, path: asked.path });
    const outcome = await time(async () => settled(ask(on.client, asked.request)));
    const hasFired = on.takeFired();
    const isSentence = outcome.kind === "failure" && SENTENCE.test(outcome.message);
    const next = await ask(on.client, asked.request);
    if (hasFired !== isSentence) {
      wrong.push(`${asked.what}, call ${atCall}: ${JSON.stringify(outcome).slice(0, 300)}`);
    }
    expect(next).toEqual(truths.get(asked));
    return hasFired;
  });
  return wrong;
}

type Time = <T>(work: () => Promise<T>) => Promise<T>;

const SENTENCE = /^The compute worker stopped \([^()\n]+\)\. Nothing is lost; try again\.$/;

test.for(["SIGKILL", "SIGSEGV", "SIGABRT", "exit"] as const)(
  "%s in any call fails the request with a sentence, leaves no process, and the next answer is right",
  async (fault, context) => {
    const { time } = createTally(context);
    for (const asked of requestsToTry()) {
      expect(await endAtEachCall(fault, worker, asked, time)).toEqual([]);
    }
    expect(await processesLeft(worker)).toEqual([]);
  },
);

test.for([
  { fault: "out of memory", options: { heapMiB: 48 }, calls: IS_LONG ? [0, 1, 5, 9] : [5] },
  { fault: "hang", options: { silenceMs: 1000 }, calls: IS_LONG ? [0, 1, 5, 9] : [5] },
  { fault: "SIGSTOP", options: { silenceMs: 1000 }, calls: IS_LONG ? [0, 1, 5, 9] : [5] },
] as const)(
  "a process that meets $fault is given up with a sentence, and the next answer is right",
  async ({ fault, options, calls }, context) => {
    const { time } = createTally(context);
    await withWorker(options, async (own) => {
      for (const asked of requestsToTry().slice(0, 2)) {
        for (const atCall of calls) {
          own.client.restart();
          own.plan({ fault, atCall, isInThread: false, path: asked.path });
          const outcome = await time(async () => settled(ask(own.client, asked.request)));
          expect([
            outcome.kind,
            SENTENCE.test(outcome.kind === "failure" ? outcome.message : ""),
            own.takeFired(),
          ]).toEqual(["failure", true, true]);
          expect(await ask(own.client, asked.request)).toEqual(truths.get(asked));
        }
      }
      expect(await processesLeft(own)).toEqual([]);
    });
  },
);

test("whoever calls a request off waits a quarter of a second at most, also for a process that hangs; others go on after it", async (context) => {
  const { time } = createTally(context);
  await withWorker({ silenceMs: 2000 }, async (own) => {
    const [log, norms] = requestsToTry();
    expect([log, norms]).not.toContain(undefined);
    if (log === undefined || norms === undefined) {
      return;
    }
    await ask(own.client, log.request);
    own.plan({ fault: "hang", atCall: 3, isInThread: false, path: norms.path });
    const controller = new AbortController();
    const called = settled(own.client.request<"computeNorms">(norms.request as never, { signal: controller.signal }));
    await setTimeout(200);
    const startMs = performance.now();
    controller.abort();
    expect(await time(async () => called)).toEqual({ kind: "failure", message: "Cancelled." });
    expect(performance.now() - startMs).toBeLessThan(500);
    const other = await settled(ask(own.client, log.request)); // It was sent to the process that hangs.
    expect([other.kind, await ask(own.client, log.request)]).toEqual(["failure", truths.get(log)]);
  });
});

let ownWorkers = 0;

async function withWorker(options: FaultyOptions, use: (own: FaultyWorker) => Promise<void>): Promise<void> {
  const own = await createFaultyWorker(`${scene.path}/own programs ${(ownWorkers += 1)}`, options);
  try {
    await use(own);
  } finally {
    own.client.dispose();
  }
}
