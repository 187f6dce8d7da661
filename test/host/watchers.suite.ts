import { strict as assert } from "node:assert";
import {
  appendFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { suite, suiteSetup, suiteTeardown, test } from "mocha";
import * as vscode from "vscode";
import { eventRecord, scalar, VERSION_RECORD } from "../support/tfEvents.ts";
import { eventually, examplePath, gradlens, withSetting } from "./gradlens.ts";

const SUBFOLDERS = 200;
const MANY = 30;
const EVENTS = "events.out.tfevents.1700000000.host.1.0";
const STATE = '{"global_step": 1, "log_history": [{"step": 1, "grad_norm": 1}]}';

let folder: string;
let below: readonly string[];

/** How many watches on some folders there are, in all processes of the server; as Linux counts them. */
function countWatches(folders: readonly string[]): number {
  const inodes = new Set(folders.map((path) => statSync(path).ino.toString(16)));
  return processesOf(process.ppid)
    .flatMap(watchedInodes)
    .filter((inode) => inodes.has(inode)).length;
}

/** A process and all below it. */
function processesOf(root: number): readonly number[] {
  const parents = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => [Number(pid), Number(/^PPid:\s+(\d+)/m.exec(read(`/proc/${pid}/status`))?.[1])] as const);
  const found = [root];
  for (const pid of found) {
    found.push(...parents.filter(([, parent]) => parent === pid).map(([child]) => child));
  }
  return found;
}

function watchedInodes(pid: number): string[] {
  const files = list(`/proc/${pid}/fdinfo`).map((name) => read(`/proc/${pid}/fdinfo/${name}`));
  return files.flatMap((text) =>
    [...text.matchAll(/^inotify wd:\S+ ino:([\da-f]+) /gm)].map(([, inode = ""]) => inode),
  );
}

/** Processes and their files come and go while they are looked at. */
function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

function list(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}

async function watchesBecome(
  what: string,
  folders: readonly string[],
  wanted: (count: number) => boolean,
): Promise<void> {
  await eventually(what, () => (wanted(countWatches(folders)) ? true : undefined));
}

function event(step: number): Uint8Array {
  return eventRecord({ step }, scalar("train/grad_norm", 1));
}

/** Events of a training up to a step, as Hugging Face's Trainer puts them into a folder of their own. */
function writeEvents(events: string, until: number): void {
  mkdirSync(events, { recursive: true });
  const steps = Array.from({ length: until }, (_, at) => at + 1);
  writeFileSync(join(events, EVENTS), Buffer.concat([VERSION_RECORD, ...steps.map(event)]));
}

/** A run as Hugging Face's Trainer lays it out. Its folders: of the save, of all events, of these events. */
function writeTrainer(home: string): readonly [saved: string, runs: string, first: string] {
  const [saved, runs] = [join(home, "checkpoint-1"), join(home, "runs")];
  mkdirSync(saved, { recursive: true });
  writeFileSync(join(saved, "trainer_state.json"), STATE);
  writeEvents(join(runs, "first"), 2);
  return [saved, runs, join(runs, "first")];
}

/** Follows until a line that is appended later has been read, so that every watcher there will be is there. */
async function followUntilRead(): Promise<void> {
  const { store } = await gradlens();
  await vscode.commands.executeCommand("gradlens.followRun", folder);
  await eventually("step 400", () => store.get(folder)?.first("globalNorm")?.valueAt(400));
  const step = 1000 + (store.get(folder)?.first("globalNorm")?.length() ?? 0);
  appendFileSync(join(folder, "metrics.jsonl"), `{"step": ${step}, "grad_norm": 1.5}\n`);
  await eventually(`step ${step}`, () => store.get(folder)?.first("globalNorm")?.valueAt(step));
}

suite("watchers, as Linux counts them", () => {
  suiteSetup(() => {
    folder = mkdtempSync(join(tmpdir(), "gradlens-watched-"));
    cpSync(examplePath("metrics.jsonl"), join(folder, "metrics.jsonl"));
    below = Array.from({ length: SUBFOLDERS }, (_, at) => join(folder, `part-${at}`));
    below.forEach((path) => mkdirSync(path));
  });
  suiteTeardown(() => rmSync(folder, { recursive: true, force: true }));

  test("a followed run with 200 folders below has one watch, on its own folder, and none once it is let go", async () => {
    assert.equal(countWatches([folder, ...below]), 0);
    await followUntilRead();
    await watchesBecome("a watch on the run's folder", [folder], (count) => count === 1);
    assert.equal(countWatches(below), 0);
    await vscode.commands.executeCommand("gradlens.unfollowRun", folder);
    await watchesBecome("the end of the watch", [folder, ...below], (count) => count === 0);
  });

  test("folders of its logs are watched, new ones of them as well, and none that vanished or once it is let go", async () => {
    const home = mkdtempSync(join(tmpdir(), "gradlens-trainer-"));
    const [saved, runs, first] = writeTrainer(home);
    const second = join(runs, "second");
    const { store } = await gradlens();
    await vscode.commands.executeCommand("gradlens.followRun", home);
    await watchesBecome("watches on folders with logs", [home, saved, runs, first], (count) => count === 4);

    writeEvents(second, 3);
    await eventually("step 3", () => store.get(home)?.first("globalNorm")?.valueAt(3));
    await watchesBecome("a watch on the new folder", [second], (count) => count === 1);
    await watchesBecome("the end of that on the other", [first], (count) => count === 0);
    appendFileSync(join(second, EVENTS), event(4));
    await eventually("step 4", () => store.get(home)?.first("globalNorm")?.valueAt(4));

    rmSync(second, { recursive: true });
    await watchesBecome("a watch on what is left", [first], (count) => count === 1);
    await vscode.commands.executeCommand("gradlens.unfollowRun", home);
    await watchesBecome("the end of all", [home, saved, runs, first], (count) => count === 0);
    rmSync(home, { recursive: true });
  });

  test("many followed runs have four watches each, and none once they are let go", async () => {
    const root = mkdtempSync(join(tmpdir(), "gradlens-many-"));
    const homes = Array.from({ length: MANY }, (_, at) => join(root, `run-${at}`));
    const folders = homes.flatMap((home) => [home, ...writeTrainer(home)]);
    const { store } = await gradlens();
    for (const home of homes) {
      await vscode.commands.executeCommand("gradlens.followRun", home);
    }
    await watchesBecome("four watches a run", folders, (count) => count === folders.length);
    assert.equal(store.runs().filter(({ id }) => homes.includes(id)).length, MANY);
    for (const home of homes) {
      await vscode.commands.executeCommand("gradlens.unfollowRun", home);
    }
    await watchesBecome("the end of all", folders, (count) => count === 0);
    rmSync(root, { recursive: true });
  });

  test("without events there is none", async () => {
    await withSetting("watch.useEvents", false, async () => {
      await followUntilRead();
      assert.equal(countWatches([folder, ...below]), 0);
      await vscode.commands.executeCommand("gradlens.unfollowRun", folder);
    });
  });

  test("a watcher of all that is below would be counted", async () => {
    const watcher = vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(vscode.Uri.file(folder), "**"));
    await watchesBecome("watches on the folders below", below, (count) => count === SUBFOLDERS);
    watcher.dispose();
    await watchesBecome("their end", [folder, ...below], (count) => count === 0);
  });
});
