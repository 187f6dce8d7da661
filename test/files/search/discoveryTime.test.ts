import { setTimeout as wait } from "node:timers/promises";
import { basename } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { discoverRuns } from "#files/search/discovery.ts";
import type { Discovery, DiscoveryOptions } from "#files/search/discovery.ts";
import { createTestFolder } from "../../support/testFolder.ts";
import type { TestFolder } from "../../support/testFolder.ts";
import { slowDown } from "../slowDisk.ts";
import type { SlowDisk } from "../slowDisk.ts";

const FOR_EVER = 1e6;
const SLACK_MS = 10_000; // The slow disk would take a thousand times that.
const MAX_MS = 2000; // Enough that a busy machine lists and opens three files in a part of it.
const OPTIONS: DiscoveryOptions = { maxEntries: 1000, maxMs: MAX_MS, identify: () => "jsonl" };

let folder: TestFolder;
let disk: SlowDisk | undefined;
beforeEach(async () => {
  folder = await createTestFolder();
  for (const name of ["a", "b", "c"]) {
    await folder.write(`${name}/m.jsonl`, "{}");
  }
});
afterEach(async () => {
  disk?.end();
  await folder.dispose();
});

async function timed(options: Partial<DiscoveryOptions> = {}): Promise<readonly [Discovery, number]> {
  const startMs = performance.now();
  const found = await discoverRuns(folder.path, { ...OPTIONS, ...options });
  return [found, performance.now() - startMs];
}

const names = ({ runs }: Discovery): string[] => runs.map((run) => basename(run.folder));

test.each([
  { what: "a folder cannot be listed", call: "opendir", path: "/b" },
  { what: "a file cannot be measured", call: "stat", path: "/b/m.jsonl" },
  { what: "a file cannot be opened", call: "open", path: "/b/m.jsonl" },
] as const)("when time is up while $what, what was found so far comes, and why there is not more", async (slow) => {
  disk = slowDown(slow.call, slow.path, FOR_EVER);
  const [found, tookMs] = await timed();
  expect([names(found), found.truncated, disk.calls()]).toEqual([["a"], "time", 1]);
  expect(tookMs).toBeLessThan(MAX_MS + SLACK_MS);
});

test("a disk on which each call takes long ends the search in time, and nothing goes on after it", async () => {
  for (let at = 0; at < 300; at += 1) {
    await folder.write(`d${at}/m.jsonl`, "{}");
  }
  disk = slowDown("stat", "m.jsonl", 20);
  const [found, tookMs] = await timed();
  expect([found.truncated, tookMs < MAX_MS + SLACK_MS]).toEqual(["time", true]);
  expect(found.runs.length).toBeGreaterThan(0);
  expect(found.runs.length).toBeLessThan(200);
  await wait(40);
  const before = disk.calls();
  await wait(100);
  expect(disk.calls()).toBe(before);
});

test("a limit on entries that is met in time is the reason", async () => {
  const [found] = await timed({ maxEntries: 4 });
  expect([names(found), found.truncated]).toEqual([["a"], "entries"]);
});

test("without a limit on time a slow disk is searched to the end", async () => {
  disk = slowDown("opendir", "/b", 500);
  const [found] = await timed({ maxMs: undefined });
  expect([names(found), found.truncated]).toEqual([["a", "b", "c"], false]);
});

test("a search with a limit on time can be called off, and a folder that is not there is an error", async () => {
  disk = slowDown("opendir", "/b", 50);
  const controller = new AbortController();
  const running = discoverRuns(folder.path, { ...OPTIONS, maxMs: 5000, signal: controller.signal });
  setTimeout(() => controller.abort(), 10);
  await expect(running).rejects.toThrow("aborted");
  await expect(discoverRuns(`${folder.path}/nowhere`, OPTIONS)).rejects.toThrow("ENOENT");
});
