import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { createWorkerClient } from "#client/workerClient.ts";
import type { WorkerClient } from "#client/workerClient.ts";
import { startWorkerProcess } from "#client/workerProcess.ts";
import { createTestFolder } from "../support/testFolder.ts";
import type { TestFolder } from "../support/testFolder.ts";
import { EXAMPLE, buildProgram } from "../support/build.ts";
import { writeSparseCheckpoint } from "../support/sparse.ts";
import { indexSmall, SMALL, withClient } from "../support/workerClients.ts";

let script: string;
let folder: TestFolder;
let big: string;
beforeAll(async () => {
  [script, folder] = await Promise.all([buildProgram("worker"), createTestFolder()]);
  big = join(folder.path, "big.safetensors");
  await writeSparseCheckpoint(big);
});
afterAll(async () => folder.dispose());

function clientOf(path = script, now: () => number = () => 0, args: readonly string[] = []): WorkerClient {
  return createWorkerClient(() => startWorkerProcess(path, () => undefined, args), { now });
}

/** The message of the rejection, or what came instead of one. */
async function rejection(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    (value) => `no rejection but ${JSON.stringify(value)}`,
    (error: unknown) => String(error),
  );
}

function kill(client: WorkerClient): void {
  const id = client.processId();
  if (id !== undefined) {
    process.kill(id, "SIGKILL");
  }
}

test("requests sent together are each answered with their own answer", async () => {
  const answers = await withClient(clientOf(), async (client) =>
    Promise.all([
      indexSmall(client),
      client.request<"discoverRuns">({ kind: "discoverRuns", folder: folder.path, maxEntries: 10 }),
      rejection(client.request<"indexCheckpoint">({ kind: "indexCheckpoint", path: "/nowhere" })),
      client.request<"readLog">({ kind: "readLog", path: join(EXAMPLE, "metrics.jsonl"), position: null }),
    ]),
  );
  expect(answers).toMatchObject([
    "safetensors of 41 tensors",
    { runs: [{ folder: folder.path, checkpoints: [{ path: big }] }], truncated: false },
    "Error: /nowhere: The file is not there. Was it moved or deleted?",
    { position: { format: "jsonl" }, more: false },
  ]);
});

test("norms arrive as progress, their sum as the answer", async () => {
  const names: string[] = [];
  const answer = await withClient(clientOf(), async (client) =>
    client.request<"computeNorms">(
      { kind: "computeNorms", path: SMALL, threads: 1 },
      { onProgress: ({ tensors }) => names.push(...tensors.map(({ name }) => name)) },
    ),
  );
  expect([new Set(names).size, names.length, answer]).toMatchObject([
    41,
    41,
    { tensors: [], globals: { gradient: { tensors: 41 } } },
  ]);
});

test("a request that is called off rejects as cancelled, and the process lives on", async () => {
  const controller = new AbortController();
  const outcome = await withClient(clientOf(), async (client) => {
    const request = client.request<"computeNorms">(
      { kind: "computeNorms", path: big, threads: 1 },
      { signal: controller.signal, onProgress: () => controller.abort() },
    );
    const id = client.processId();
    const called = await rejection(request);
    const late = await rejection(
      client.request<"indexCheckpoint">({ kind: "indexCheckpoint", path: SMALL }, { signal: controller.signal }),
    );
    return [called, late, await indexSmall(client), client.processId() === id];
  });
  expect(outcome).toEqual(["Error: Cancelled.", "Error: Cancelled.", "safetensors of 41 tensors", true]);
});

async function crash(client: WorkerClient): Promise<string> {
  const request = rejection(client.request<"computeNorms">({ kind: "computeNorms", path: big, threads: 1 }));
  kill(client);
  return request;
}

const MANY =
  'Error: The compute worker stopped 3 times in five minutes. Try again in five minutes, or after "Gradlens: Restart Compute Worker".';

test("after three crashes in five minutes it is not started again until five minutes have passed or people say so", async () => {
  let nowMs = 0;
  const outcome = await withClient(
    clientOf(script, () => nowMs),
    async (client) => {
      const crashes = [await crash(client), await crash(client), await crash(client)];
      const refused = await rejection(indexSmall(client));
      client.restart();
      const restarted = await indexSmall(client);
      client.restart();
      crashes.push(await crash(client), await crash(client), await crash(client));
      nowMs += 5 * 60_000;
      return [new Set(crashes).size, refused, restarted, await indexSmall(client)];
    },
  );
  expect(outcome).toEqual([1, MANY, "safetensors of 41 tensors", "safetensors of 41 tensors"]);
});

test("a clock that is set back does not keep a worker that crashed from being started again", async () => {
  let nowMs = 1e12;
  const outcome = await withClient(
    clientOf(script, () => nowMs),
    async (client) => {
      const crashes = [await crash(client), await crash(client), await crash(client)];
      nowMs = 0;
      return [new Set(crashes).size, await indexSmall(client)];
    },
  );
  expect(outcome).toEqual([1, "safetensors of 41 tensors"]);
});

test("restarting fails what is pending with a sentence and counts as no crash", async () => {
  const outcome = await withClient(clientOf(), async (client) => {
    const messages: string[] = [];
    for (let round = 0; round < 4; round += 1) {
      const request = rejection(client.request<"computeNorms">({ kind: "computeNorms", path: big, threads: 1 }));
      client.restart();
      messages.push(await request);
    }
    return [new Set(messages), await indexSmall(client)];
  });
  expect(outcome).toEqual([
    new Set(["Error: The compute worker was restarted. Try again."]),
    "safetensors of 41 tensors",
  ]);
});

test("once disposed it fails what is pending and starts no process any more", async () => {
  const client = clientOf();
  const pending = rejection(client.request<"computeNorms">({ kind: "computeNorms", path: big, threads: 1 }));
  client.dispose();
  const outcome = [await pending, await rejection(indexSmall(client)), client.processId()];
  expect(outcome).toEqual([
    "Error: The compute worker was restarted. Try again.",
    "Error: Gradlens has been stopped. Reload the window to start it again.",
    undefined,
  ]);
});

/** A worker that ends itself a millisecond after an answer, and does something more as the last. */
async function shortLived(name: string, last: string, first = ""): Promise<WorkerClient> {
  const code = `${first}; process.on("exit", () => { ${last} }); require(${JSON.stringify(script)});`;
  return clientOf(await folder.write(name, code), () => 0, ["1"]);
}

/** Code that holds back a worker's word that it is idle until it can take a file away: one file lets one worker end. */
function holdBackIdle(until: string): string {
  return `const fs = require("node:fs");
    const send = process.send.bind(process);
    process.send = (message, ...rest) => {
      if (message.kind === "idle") {
        while (!fs.existsSync(${JSON.stringify(until)}));
        fs.unlinkSync(${JSON.stringify(until)});
      }
      return send(message, ...rest);
    }`;
}

/** Without a turn of the event loop, so that this process cannot hear what the other one says at its end. */
function blockUntilThere(path: string): void {
  while (!existsSync(path)) {
    // The other process writes it when it ends.
  }
}

test.each([
  {
    way: "is answered",
    call: async (client: WorkerClient) => indexSmall(client),
    outcome: "safetensors of 41 tensors",
  },
  {
    way: "and is called off is cancelled",
    call: async (client: WorkerClient) => {
      const controller = new AbortController();
      const request = { kind: "computeNorms", path: big, threads: 1 } as const;
      const called = rejection(client.request<"computeNorms">(request, { signal: controller.signal }));
      controller.abort();
      return called;
    },
    outcome: "Error: Cancelled.",
  },
])("a request that is sent to a process that has just ended for idleness $way", async ({ way, call, outcome }) => {
  const reasons: string[] = [];
  const [leave, mark] = [join(folder.path, `may end ${way}`), join(folder.path, `ended ${way}`)];
  const write = `require("node:fs").writeFileSync(${JSON.stringify(mark)}, "")`;
  const seen = await withClient(await shortLived(`${way}.cjs`, write, holdBackIdle(leave)), async (client) => {
    client.onDidStop(({ reason }) => reasons.push(reason));
    await indexSmall(client);
    const first = client.processId();
    writeFileSync(leave, "");
    blockUntilThere(mark);
    const sent = call(client);
    return [client.processId() === first, await sent, client.processId() === first, client.state()];
  });
  expect([seen, reasons]).toEqual([[true, outcome, false, { isRunning: true, restarts: 0, lastCrash: null }], []]);
});

test("a process that crashes while it ends for idleness has not crashed", async () => {
  const seen = await withClient(
    await shortLived("crashing.cjs", 'process.kill(process.pid, "SIGKILL")'),
    async (client) => {
      const answers: string[] = [];
      for (let round = 0; round < 5; round += 1) {
        answers.push(await indexSmall(client));
      }
      return [new Set(answers), client.state().restarts, client.state().lastCrash];
    },
  );
  expect(seen).toEqual([new Set(["safetensors of 41 tensors"]), 0, null]);
});

test("the state tells of the last crash, and counts starts after crashes and restarts that were asked for", async () => {
  const states = await withClient(
    clientOf(script, () => 7),
    async (client) => {
      const seen = [client.state()];
      await crash(client);
      seen.push(client.state());
      await indexSmall(client);
      client.restart();
      client.restart();
      await indexSmall(client);
      return [...seen, client.state()];
    },
  );
  const lastCrash = { reason: "SIGKILL", atMs: 7 };
  expect(states).toEqual([
    { isRunning: false, restarts: 0, lastCrash: null },
    { isRunning: false, restarts: 0, lastCrash },
    { isRunning: true, restarts: 2, lastCrash },
  ]);
});

test.each([
  {
    what: "that ends at once",
    code: "process.exit(3)",
    message: "Error: The compute worker stopped (exit code 3). Nothing is lost; try again.",
  },
  {
    what: "that answers nonsense",
    code: 'process.on("message", ({ id }) => process.send({ kind: "answer", id, answer: 7 }))',
    message:
      "Error: The compute worker sent an answer to indexCheckpoint that cannot be read: message: Invalid type: Expected Object but received 7",
  },
  {
    what: "that answers others first",
    code: `process.on("message", ({ id }) => {
      process.send("hello");
      process.send({ kind: "failure", id: id + 1, message: "not yours" });
      process.send({ kind: "progress", id, progress: { doneBytes: -1 } });
      process.send({ kind: "failure", id, message: "yours" });
    })`,
    message: "Error: yours",
  },
])("a process $what gives: $message", async ({ code, message }) => {
  const path = await folder.write("other.cjs", code);
  expect(await withClient(clientOf(path), async (client) => rejection(indexSmall(client)))).toBe(message);
});

test("a script that is not there is a stop like any other", async () => {
  const message = await withClient(clientOf(join(folder.path, "none.cjs")), async (client) =>
    rejection(indexSmall(client)),
  );
  expect(message).toBe("Error: The compute worker stopped (exit code 1). Nothing is lost; try again.");
});

test("the process inherits the environment without what VS Code put there, and its output is passed on", async () => {
  vi.stubEnv("VSCODE_IPC_HOOK", "/tmp/hook");
  vi.stubEnv("NODE_OPTIONS", "--no-deprecation");
  vi.stubEnv("GRADLENS_KEPT", "yes");
  const path = await folder.write(
    "environment.cjs",
    "const { VSCODE_IPC_HOOK: a, NODE_OPTIONS: b, GRADLENS_KEPT: c, ELECTRON_RUN_AS_NODE: d } = process.env; console.log(JSON.stringify([a, b, c, d])); process.disconnect();",
  );
  const output = await new Promise<string>((resolve) => {
    startWorkerProcess(path, resolve);
  });
  vi.unstubAllEnvs();
  expect(output).toBe('[null,null,"yes","1"]');
});
