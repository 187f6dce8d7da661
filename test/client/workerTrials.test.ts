import { join } from "node:path";
import process from "node:process";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createWorkerClient } from "#client/workerClient.ts";
import { startWorkerProcess } from "#client/workerProcess.ts";
import { createTestFolder } from "../files/folder.ts";
import type { TestFolder } from "../files/folder.ts";
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
