import { appendFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Disposable } from "#core/event.ts";
import { followRun } from "#following/follower.ts";
import type { LogSource } from "#following/logSource.ts";
import { logsOf } from "#client/workerLogs.ts";
import { createRunStore } from "#store/runStore.ts";
import type { RunStore } from "#store/runStore.ts";
import { createTestFolder } from "../support/testFolder.ts";
import type { TestFolder } from "../support/testFolder.ts";
import { createReadingWorker } from "../support/readingWorker.ts";
import { safetensorsFile } from "../support/safetensors.ts";

let folder: TestFolder;
let log: string;
let store: RunStore;
let followed: Disposable;
beforeEach(async () => {
  folder = await createTestFolder();
  log = await folder.write("metrics.jsonl", line(1));
  await folder.write("checkpoint-5/model.safetensors", safetensorsFile({}));
  store = createRunStore();
});
afterEach(async () => {
  followed.dispose();
  await folder.dispose();
});

function line(step: number): string {
  return `{"step": ${step}, "grad_norm": ${step}}\n`;
}

/** Follows the run, and looks for its files again after each look. */
function follow(source: LogSource): void {
  let look: (() => void) | undefined;
  const lookAgain: LogSource["findRuns"] = async (...asked) => {
    look?.();
    return source.findRuns(...asked);
  };
  followed = followRun(
    { folder: folder.path, logs: [{ path: log, format: "jsonl" }], checkpoints: [], modifiedMs: 0 },
    {
      store,
      source: { ...source, findRuns: lookAgain },
      intervalMs: () => 20,
      customPatterns: () => [],
      watch: (_folder, onDidChange) => {
        look = () => onDidChange("entries");
        return { dispose: () => undefined };
      },
      onError: () => undefined, // While it is deleted it cannot be read.
    },
  );
}

function seen(): unknown {
  const run = store.get(folder.path);
  return [[...(run?.first("globalNorm")?.values() ?? [])], run?.checkpoints().map(({ step }) => step)];
}

test("all of a folder that was deleted leaves, and is read anew when it comes back", async () => {
  follow(logsOf(createReadingWorker()));
  await expect.poll(seen).toEqual([[1], [5]]);
  await rm(folder.path, { recursive: true });
  await expect.poll(seen).toEqual([[], []]);
  await folder.write("metrics.jsonl", line(1) + line(2));
  await expect.poll(seen).toEqual([[1, 2], []]);
});

test.each([
  { what: "a log that may not be read", unreadable: "metrics.jsonl" },
  { what: "a log in a folder that may not be listed", unreadable: "" },
])("$what stays with its samples, however often a search misses it", async ({ unreadable }) => {
  const path = join(folder.path, unreadable);
  const searches: string[] = [];
  follow({
    ...logsOf(createReadingWorker()),
    async findRuns(searched) {
      searches.push(searched);
      return { runs: [], truncated: false, unreadable: [{ path }] };
    },
  });
  await expect.poll(() => searches.length).toBeGreaterThan(4);
  await appendFile(log, line(2));
  await expect.poll(seen).toEqual([[1, 2], []]);
});
