import { join } from "node:path";
import process from "node:process";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createWorkerClient } from "#client/workerClient.ts";
import { startWorkerProcess } from "#client/workerProcess.ts";
import type { WorkerRequest } from "#protocol/worker.ts";
import { createTestFolder } from "../support/testFolder.ts";
import type { TestFolder } from "../support/testFolder.ts";
import { buildProgram } from "../support/build.ts";
import { writeSparseCheckpoint } from "../support/sparse.ts";
import { indexSmall, withClient } from "../support/workerClients.ts";

let folder: TestFolder;
beforeAll(async () => {
  folder = await createTestFolder();
});
afterAll(async () => folder.dispose());

test("requests of a process that is killed are asked again, and nothing is told twice", async () => {
  const reasons: string[] = [];
  const names: string[] = [];
  const path = join(folder.path, "half.safetensors");
  await writeSparseCheckpoint(path, 0.5, 50);
  const script = await buildProgram("worker");
  const client = createWorkerClient(() => startWorkerProcess(script, () => undefined));
  const outcome = await withClient(client, async () => {
    client.onDidStop(({ reason }) => reasons.push(reason));
    const norms = client.request<"computeNorms">(
      { kind: "computeNorms", path, threads: 1 },
      {
        onProgress({ tensors }) {
          names.push(...tensors.map(({ name }) => name));
          if (names.length > 0 && reasons.length === 0) {
            process.kill(client.processId() ?? process.pid, "SIGKILL");
          }
        },
      },
    );
    const other = client.request<"indexCheckpoint">({ kind: "indexCheckpoint", path });
    const { globals } = await norms;
    return [globals.weight?.tensors, (await other).tensors.length, await indexSmall(client)];
  });
  expect([outcome, reasons, names.length, new Set(names).size]).toEqual([
    [51, 51, "safetensors of 41 tensors"],
    ["SIGKILL"],
    51,
    51,
  ]);
});

/** A process that is busy for a while before it answers, and says what it says before. */
function busyProcess(said: string): string {
  return `process.send({ kind: "alive" });
    process.on("message", ({ id }) => {
      process.send(${said});
      const start = process.cpuUsage();
      for (let used = start; used.user < 500_000; used = process.cpuUsage(start));
      process.send({ kind: "failure", id, message: "done" });
    });`;
}

test.each([
  { what: "says that it has much to take apart", said: '{ kind: "alive", busyMs: 60_000 }', message: /^Error: done$/ },
  {
    what: "says nothing of it",
    said: '{ kind: "alive" }',
    message: /^Error: grads\.safetensors: The compute worker stopped twice .*\(no sign of life for \d+ s\)/,
  },
])("a process that is busy for half a second of the processor and $what gives: $message", async ({ said, message }) => {
  const path = await folder.write("busy.cjs", busyProcess(said));
  const client = createWorkerClient(() => startWorkerProcess(path, () => undefined), { hangMs: 200 });
  expect(await withClient(client, async () => indexSmall(client).catch(String))).toMatch(message);
});

/** A process to which the disk answers nothing about one path, whatever it is asked. */
const STUCK = `process.send({ kind: "alive" });
  process.on("message", () => process.send({ kind: "stuck", seconds: 30, path: "/dead/runs/a.pt" }));`;

test.for<{ what: string; request: WorkerRequest; processes: number }>([
  { what: "about that file", request: { kind: "indexCheckpoint", path: "/dead/runs/a.pt" }, processes: 1 },
  { what: "about its folder", request: { kind: "discoverRuns", folder: "/dead/runs", maxEntries: 9 }, processes: 1 },
  { what: "where its path leads", request: { kind: "locate", paths: ["/dead/runs/a.pt"], roots: [] }, processes: 1 },
  {
    what: "about a path in its folder",
    request: { kind: "locate", paths: ["a"], roots: ["/dead/runs"] },
    processes: 1,
  },
  { what: "about another file", request: { kind: "indexCheckpoint", path: "/alive/a.pt" }, processes: 4 },
])(
  "a question $what fails with a sentence while the disk does not answer about one file",
  async ({ request, processes }) => {
    const path = await folder.write("stuck.cjs", STUCK);
    let started = 0;
    const client = createWorkerClient(() => {
      started += 1;
      return startWorkerProcess(path, () => undefined);
    });
    const asked = withClient(client, async () => client.request<WorkerRequest["kind"]>(request));
    await expect(asked).rejects.toThrow("/dead/runs/a.pt: the disk has not answered for 30 s. Try again when it does.");
    expect(started).toBe(processes);
  },
);
