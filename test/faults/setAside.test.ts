import { appendFile, utimes } from "node:fs/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Fault } from "./plan.ts";
import { createFaultyWorker } from "./faultyWorker.ts";
import type { FaultyOptions, FaultyWorker } from "./faultyWorker.ts";
import { ask, createScene, findAsked } from "./requests.ts";
import type { Asked, Scene } from "./requests.ts";
import { createTally, settled } from "./rounds.ts";

// One file ends every process that opens it, or never comes back. The others do not notice.

let scene: Scene;
let norms: Asked;
let others: readonly Asked[];
beforeEach(async () => {
  scene = await createScene();
  norms = findAsked(scene, "norms");
  others = ["a log", "a compressed log", "a log that is rewritten", "a comparison", "discovery"].map((what) =>
    findAsked(scene, what),
  );
});
afterEach(async () => scene.dispose());

async function withWorker(options: FaultyOptions, use: (worker: FaultyWorker) => Promise<void>): Promise<void> {
  const worker = await createFaultyWorker(`${scene.path}/programs`, options);
  try {
    await use(worker);
  } finally {
    worker.client.dispose();
  }
}

async function truthsOf({ client }: FaultyWorker): Promise<readonly unknown[]> {
  return Promise.all(others.map(async ({ request }) => ask(client, request)));
}

function planFor(fault: Fault): Parameters<FaultyWorker["plan"]>[0] {
  return { fault, atCall: 0, isInThread: false, path: norms.path, isLasting: true };
}

const setAside = (reason: string): unknown => ({
  kind: "failure",
  message: expect.stringMatching(
    new RegExp(
      String.raw`^grads\.safetensors: The compute worker stopped twice while it read this \(${reason}\), so it is set aside and other files are read\. It is tried again when it changes, or after "Gradlens: Restart Compute Worker"\.$`,
    ),
  ) as string,
});

test.for([
  { fault: "SIGSEGV", reason: "SIGSEGV" },
  { fault: "exit", reason: "exit code 3" },
  { fault: "hang", reason: String.raw`no sign of life for \d+ s` },
] as const)(
  "a file that meets $fault in every process is set aside alone; those asked about with it, and after it, are answered",
  async ({ fault, reason }, context) => {
    const { time } = createTally(context);
    await withWorker({ hangMs: 1000 }, async (worker) => {
      const { client } = worker;
      const truths = await truthsOf(worker);
      worker.plan(planFor(fault));
      const [guilty, ...answers] = await time(async () =>
        Promise.all([norms, ...others].map(async ({ request }) => settled(ask(client, request)))),
      );
      expect(guilty).toEqual(setAside(reason));
      expect(answers).toEqual(truths.map((answer) => ({ kind: "answer", answer })));

      const started = worker.processIds().length;
      expect(await settled(ask(client, norms.request))).toEqual(setAside(reason)); // At once, without a trial.
      expect(await truthsOf(worker)).toEqual(truths);
      expect(worker.processIds().length - started).toBeLessThanOrEqual(1);
    });
  },
);

test("a file that was set aside is tried again when it changes, in a process of its own, and after a restart", async () => {
  await withWorker({}, async (worker) => {
    const { client } = worker;
    const truth = await ask(client, norms.request);
    worker.plan(planFor("SIGKILL"));
    expect(await settled(ask(client, norms.request))).toEqual(setAside("SIGKILL"));
    await utimes(norms.path, 1_700_000_001, 1_700_000_001);
    await truthsOf(worker);
    const before = client.processId();
    expect(await settled(ask(client, norms.request))).toEqual(setAside("SIGKILL"));
    expect(client.processId()).toBe(before); // Those who are asked about other files were not disturbed.
    worker.takeFired();
    expect(await settled(ask(client, norms.request))).toEqual(setAside("SIGKILL"));
    client.restart();
    expect(await ask(client, norms.request)).toEqual(truth);
  });
});

test("a folder that was set aside is tried again when a file deep in it changes", async () => {
  await withWorker({}, async (worker) => {
    const { client } = worker;
    const { request, path } = findAsked(scene, "a log of many files");
    worker.plan({ ...planFor("SIGKILL"), path });
    const refused = {
      kind: "failure",
      message: expect.stringContaining("mlruns: The compute worker stopped twice") as string,
    };
    expect(await settled(ask(client, request))).toEqual(refused);
    worker.takeFired();
    expect(await settled(ask(client, request))).toEqual(refused); // Nothing has changed.
    await appendFile(path, "3000 0.125 3\n");
    expect(await settled(ask(client, request))).toEqual({ kind: "answer", answer: expect.anything() as unknown });
  });
});

test("a reduction thread that never ends its computation is given up with its process, and the norms are right", async (context) => {
  const { time } = createTally(context);
  await withWorker({}, async (worker) => {
    const { client } = worker;
    const truth = await ask(client, norms.request);
    worker.plan({ fault: "hang", atCall: 0, isInThread: true, path: norms.path });
    expect(await time(async () => ask(client, norms.request))).toEqual(truth);
    expect([worker.takeFired(), client.state().lastCrash?.reason]).toEqual([
      true,
      expect.stringMatching(/^no sign of life of a thread for \d+ s$/),
    ]);
  });
});

test("a file that the disk does not answer about fails with a sentence, and the others go on in another process", async (context) => {
  const { time } = createTally(context);
  await withWorker({ diskMs: 1500 }, async (worker) => {
    const { client } = worker;
    const truths = await truthsOf(worker);
    const first = client.processId();
    worker.plan(planFor("no answer"));
    const lost = time(async () => settled(ask(client, norms.request)));
    expect(await truthsOf(worker)).toEqual(truths); // The event loop of that process turns.
    expect(await lost).toEqual({
      kind: "failure",
      message: `${norms.path}: the disk has not answered for 1 s. Try again when it does.`,
    });
    expect(await truthsOf(worker)).toEqual(truths);
    expect(client.processId()).not.toBe(first);
  });
});

test("crashes that a file is to blame for do not keep the worker from being started", async () => {
  await withWorker({}, async (worker) => {
    const { client } = worker;
    const truths = await truthsOf(worker);
    worker.plan(planFor("SIGKILL"));
    for (let time = 1; time <= 4; time += 1) {
      expect(await settled(ask(client, norms.request))).toEqual(setAside("SIGKILL"));
      await utimes(norms.path, 1_700_000_000 + time, 1_700_000_000 + time);
    }
    expect(await truthsOf(worker)).toEqual(truths);
  });
});
