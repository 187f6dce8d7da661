import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestFolder } from "../support/testFolder.ts";
import type { TestFolder } from "../support/testFolder.ts";
import { writeHostileFolder } from "../support/hostileFolder.ts";
import { createFaultyWorker } from "./faultyWorker.ts";
import type { FaultyWorker } from "./faultyWorker.ts";
import { ask } from "./requests.ts";
import { createTally, settled } from "./rounds.ts";

let folder: TestFolder;
let worker: FaultyWorker;
let run: string;
let canary: string;
beforeAll(async () => {
  folder = await createTestFolder();
  worker = await createFaultyWorker(join(folder.path, "programs"));
  [run, canary] = [join(folder.path, "run"), join(folder.path, "it-was-run")];
  writeHostileFolder(run, { canary, outside: join(folder.path, "outside") });
});
afterAll(async () => {
  worker.client.dispose();
  await folder.dispose();
});

test("every file of a folder full of attacks is listed, shown or refused in a sentence, by one process that lives on", async (context) => {
  const { time } = createTally(context);
  const request = { kind: "discoverRuns", folder: run, maxEntries: 10_000 } as const;
  const found = await time(async () => worker.client.request<"discoverRuns">(request));
  const files = readdirSync(run, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const wrong: unknown[] = [];
  for (const { parentPath, name } of files) {
    const path = join(parentPath, name);
    for (const kind of ["computeNorms", "readLog"] as const) {
      const asked = kind === "readLog" ? { kind, path, position: null } : { kind, path, threads: 1 };
      const outcome = await time(async () => settled(ask(worker.client, asked)));
      if (outcome.kind === "failure" && !/^[^\n]+\.$/.test(outcome.message)) {
        wrong.push({ name, message: outcome.message });
      }
    }
  }
  expect([found.runs.length > 0, wrong, worker.processIds().length, existsSync(canary)]).toEqual([true, [], 1, false]);
});
