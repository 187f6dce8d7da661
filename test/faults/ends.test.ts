import { readFileSync } from "node:fs";
import process from "node:process";
import { setTimeout } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createFaultyWorker, isAlive } from "./faultyWorker.ts";
import type { FaultyOptions, FaultyWorker } from "./faultyWorker.ts";
import type { Fault } from "./plan.ts";
import { ask, createScene, findAsked } from "./requests.ts";
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
  const left = (): number[] => of.processIds().filter((id) => id !== current && isAlive(id) && isOurs(id, of.folder));
  for (const endMs = performance.now() + 2000; left().length > 0 && performance.now() < endMs;) {
    await setTimeout(20);
  }
  return left();
}

/** After some hundred processes a number may be another program's. */
function isOurs(id: number, folder: string): boolean {
  return process.platform !== "linux" || commandOf(id).includes(folder);
}

function commandOf(id: number): string {
  try {
    return readFileSync(`/proc/${id}/cmdline`, "utf8");
  } catch {
    return ""; // It has just ended.
  }
}

async function endAtEachCall(fault: Fault, on: FaultyWorker, asked: Asked, time: Time): Promise<string[]> {
  const wrong: string[] = [];
  // In a thread an exit ends that thread alone (threads.test.ts).
  for (const isInThread of fault === "exit" ? [false] : [false, true]) {
    await atEachCall(async (atCall) => {
      on.client.restart();
      const startedBefore = on.processIds().length;
      on.plan({ fault, atCall, isInThread, path: asked.path });
      const outcome = await time(async () => settled(ask(on.client, asked.request)));
      const hasFired = on.takeFired();
      const started = on.processIds().length - startedBefore;
      if (!isDeepStrictEqual(outcome, { kind: "answer", answer: truths.get(asked) }) || (hasFired && started < 2)) {
        wrong.push(`${asked.what}, call ${atCall}, ${started} processes: ${JSON.stringify(outcome).slice(0, 300)}`);
      }
      return hasFired;
    });
  }
  return wrong;
}

type Time = <T>(work: () => Promise<T>) => Promise<T>;

test.for(["SIGKILL", "SIGSEGV", "SIGABRT", "exit"] as const)(
  "%s in any call costs a second process, which gives the right answer, and leaves none behind",
  async (fault, context) => {
    const { time } = createTally(context);
    for (const asked of requestsToTry()) {
      expect(await endAtEachCall(fault, worker, asked, time)).toEqual([]);
    }
    expect(await processesLeft(worker)).toEqual([]);
  },
);

test.for([
  { fault: "out of memory", options: { heapMiB: 48 } },
  { fault: "hang", options: { hangMs: 1000 } },
  { fault: "SIGSTOP", options: { hangMs: 1000 } },
] as const)(
  "a process that meets $fault in any call is given up for a second one, which gives the right answer",
  async ({ fault, options }, context) => {
    const { time } = createTally(context);
    await withWorker(options, async (own) => {
      for (const asked of requestsToTry().slice(0, IS_LONG ? undefined : 2)) {
        for (const atCall of IS_LONG ? [0, 1, 5, 9] : [5]) {
          own.client.restart();
          own.plan({ fault, atCall, isInThread: false, path: asked.path });
          const outcome = await time(async () => settled(ask(own.client, asked.request)));
          own.takeFired();
          expect([asked.what, atCall, outcome]).toEqual([
            asked.what,
            atCall,
            { kind: "answer", answer: truths.get(asked) },
          ]);
        }
      }
      expect(await processesLeft(own)).toEqual([]);
    });
  },
);

test("whoever calls a request off waits a quarter of a second at most, also for a process that hangs; others go on after it", async (context) => {
  const { time } = createTally(context);
  await withWorker({ hangMs: 2000 }, async (own) => {
    const [log, norms] = [findAsked(scene, "a log"), findAsked(scene, "norms with a cache")];
    await ask(own.client, log.request);
    own.plan({ fault: "hang", atCall: 3, isInThread: false, path: norms.path });
    const controller = new AbortController();
    const called = settled(own.client.request<"computeNorms">(norms.request as never, { signal: controller.signal }));
    await setTimeout(200);
    const startMs = performance.now();
    controller.abort();
    expect(await time(async () => called)).toEqual({ kind: "failure", message: "Cancelled." });
    expect(performance.now() - startMs).toBeLessThan(1500); // Less than it takes to be sure that the process hangs.
    // It is sent to the process that hangs.
    expect(await ask(own.client, log.request)).toEqual(truths.get(log));
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
