import { appendFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Disposable } from "#core/event.ts";
import type { RunFiles } from "#core/run.ts";
import { followRun } from "#following/follower.ts";
import type { WorkerClient } from "#client/workerClient.ts";
import { logsOf } from "#client/workerLogs.ts";
import { createRunStore } from "#store/runStore.ts";
import type { RunChange, RunStore } from "#store/runStore.ts";
import { createTestFolder } from "../support/testFolder.ts";
import type { TestFolder } from "../support/testFolder.ts";
import { createReadingWorker } from "../support/readingWorker.ts";
import { safetensorsFile } from "../support/safetensors.ts";

let folder: TestFolder;
let log: string;
let store: RunStore;
let followed: Disposable[];
let errors: string[];
let customPatterns: readonly string[];
beforeEach(async () => {
  folder = await createTestFolder();
  log = await folder.write("metrics.jsonl", line(1));
  store = createRunStore();
  [followed, errors, customPatterns] = [[], [], []];
});
afterEach(async () => {
  for (const one of followed) {
    one.dispose();
  }
  await folder.dispose();
});

function line(step: number, norm = step): string {
  return `{"step": ${step}, "grad_norm": ${norm}}\n`;
}

function filesOf(...logs: readonly string[]): RunFiles {
  return {
    folder: folder.path,
    logs: logs.map((path) => ({ path, format: "jsonl" })),
    checkpoints: [],
    modifiedMs: 0,
  };
}

type Notice = (what: "content" | "entries") => void;

interface Followed extends Disposable {
  /** Says that something changed, as a file event would. */
  readonly notice: Notice;
}

const ignore: Notice = () => undefined;

/** Follows the run; the interval is so long that only notices make it look again. */
function follow(files: RunFiles, worker: WorkerClient = createReadingWorker()): Followed {
  let notice = ignore;
  const follower = followRun(files, {
    store,
    source: logsOf(worker),
    intervalMs: () => 1e9,
    customPatterns: () => customPatterns,
    watch: (_folder, onDidChange) => {
      notice = onDidChange;
      return { dispose: () => undefined };
    },
    onError: (error) => errors.push(String(error)),
  });
  followed.push(follower);
  return { ...follower, notice: (what) => notice(what) };
}

async function next(what: RunChange["what"]): Promise<void> {
  return new Promise((resolve) => {
    const subscription = store.onDidChange((change) => {
      if (change.what === what) {
        subscription.dispose();
        resolve();
      }
    });
  });
}

function norms(): number[] {
  return [...(store.get(folder.path)?.first("globalNorm")?.values() ?? [])];
}

test("a log that grows is read on from where it stopped", async () => {
  const first = next("samples");
  const { notice } = follow(filesOf(log));
  await first;
  const before = norms();
  await appendFile(log, line(2) + line(3).slice(0, 5));
  const second = next("samples");
  notice("content");
  await second;
  expect([before, norms(), errors]).toEqual([[1], [1, 2], []]);
});

test("a log that is written anew replaces what was read of it", async () => {
  const first = next("samples");
  const { notice } = follow(filesOf(log));
  await first;
  await writeFile(log, line(7) + line(8));
  const restarted = next("restarted");
  notice("content");
  await restarted;
  expect(norms()).toEqual([7, 8]);
});

test("new logs and checkpoints of the folder are found when its entries change", async () => {
  const first = next("samples");
  const { notice } = follow(filesOf(log));
  await first;
  const checkpoint = await folder.write("checkpoint-5/model.safetensors", safetensorsFile({}));
  await folder.write("learning.jsonl", '{"step": 1, "learning_rate": 0.1, "grad_norm": 1}\n');
  const [files, samples] = [next("files"), next("samples")];
  notice("entries");
  await files;
  notice("content");
  await samples;
  const run = store.get(folder.path);
  expect([run?.checkpoints().map(({ path, step }) => [path, step]), run?.logs().map(({ path }) => path)]).toEqual([
    [[checkpoint, 5]],
    [join(folder.path, "learning.jsonl"), log],
  ]);
});

test("a log that was deleted leaves when it is missed twice, and is read anew when it comes back", async () => {
  const asked: { look?: () => void } = {};
  const first = next("samples");
  const { notice } = follow(
    filesOf(log),
    createReadingWorker(async () => asked.look?.()),
  );
  await first;
  await rm(log);
  const left = next("restarted");
  asked.look = () => notice("entries"); // Each request asks for another look.
  asked.look();
  await left;
  const without = norms();
  const back = next("samples");
  await folder.write("metrics.jsonl", line(1) + line(2));
  await back;
  expect([without, norms(), errors.length > 0]).toEqual([[], [1, 2], true]);
});

test("a log that cannot be read is reported and does not keep the others from growing", async () => {
  const first = next("samples");
  const missing = join(folder.path, "missing.jsonl");
  const { notice } = follow(filesOf(missing, log));
  await first;
  await appendFile(log, line(2));
  const second = next("samples");
  notice("content");
  await second;
  expect([norms(), new Set(errors)]).toEqual([
    [1, 2],
    new Set([`Error: ${missing}: The file is not there. Was it moved or deleted?`]),
  ]);
});

test("lines that cannot be read are kept as problems though they bring no sample", async () => {
  const first = next("samples");
  const { notice } = follow(filesOf(log));
  await first;
  await appendFile(log, '{"step": 2, "grad_norm": }}}\n');
  const second = next("samples");
  notice("content");
  await second;
  const problems = store
    .get(folder.path)
    ?.logs()
    .flatMap((one) => one.problems);
  expect(problems?.map((one) => one.line)).toEqual([1]);
});

test("a run let go and followed again while its log was being read has every sample once", async () => {
  const gate = Promise.withResolvers<void>();
  let held = 0;
  const slow = createReadingWorker(async () => {
    held += 1;
    return held === 1 ? gate.promise : undefined;
  });
  const old = follow(filesOf(log), slow);
  old.dispose();
  const first = next("samples");
  const { notice } = follow(filesOf(log), slow);
  await first;
  gate.resolve();
  await appendFile(log, line(2));
  const second = next("samples");
  notice("content");
  await second;
  expect([norms(), errors]).toEqual([[1, 2], []]);
});

test("a run let go is gone from the store", async () => {
  const first = next("samples");
  const { dispose } = follow(filesOf(log));
  await first;
  dispose();
  expect(store.runs()).toEqual([]);
});

test("a log that other patterns read is read again by them, once, and by none when they are gone", async () => {
  const text = await folder.write("train.log", "it=1 g=2\nit=2 g=3\n");
  const first = next("samples");
  const { notice } = follow(filesOf(log));
  await first;
  const shown: unknown[] = [];
  for (const pattern of ["it=(?<step>\\d+) g=(?<value>\\S+)", "it=(?<value>\\d+) g=(?<step>\\d+)", undefined]) {
    customPatterns = pattern === undefined ? [] : [pattern];
    const files = next("files");
    const samples = pattern === undefined ? undefined : next("samples");
    notice("content");
    await files;
    await samples;
    const read = store
      .get(folder.path)
      ?.logs()
      .find(({ path }) => path === text)?.series[0];
    shown.push(read === undefined ? null : [[...read.steps()], [...read.values()]]);
  }
  expect([shown, norms(), errors]).toEqual([
    [
      [
        [1, 2],
        [2, 3],
      ],
      [
        [2, 3],
        [1, 2],
      ],
      null,
    ],
    [1],
    [],
  ]);
});

test("a log whose head turns out to be another's is read from its start by the other", async () => {
  await rm(log);
  const text = await folder.write("train.log", "step 1 grad_norm 2\nstep 2 grad_norm 3\n");
  const first = next("samples");
  const { notice } = follow({ ...filesOf(), logs: [{ path: text, format: "keyValueLines" }] });
  await first;
  await appendFile(text, Array.from({ length: 5 }, (_, at) => `step ${at + 3} | loss 2 | norm 4\n`).join(""));
  const known = (): unknown =>
    store
      .get(folder.path)
      ?.logs()
      .map(({ format, series }) => [format, series.length > 0]);
  const before = known();
  const read = new Promise<void>((resolve) => {
    store.onDidChange(({ what }) => {
      const isOther =
        store
          .get(folder.path)
          ?.logs()
          .some(({ format }) => format === "pipeLines") === true;
      if (isOther && what === "samples") {
        resolve();
      } else {
        notice("entries");
      }
    });
  });
  notice("entries");
  await read;
  expect([before, known(), norms(), errors]).toEqual([
    [["keyValueLines", true]],
    [["pipeLines", true]],
    [4, 4, 4, 4, 4],
    [],
  ]);
});

test("of a long log its end is shown first, and the whole log once it is read", async () => {
  const rows = Array.from({ length: 40_000 }, (_, at) => line(at + 1)).join("");
  await writeFile(log, "");
  const copies = 50; // Of 1.4 MB each.
  for (let copy = 0; copy < copies; copy += 1) {
    await appendFile(log, copy === 0 ? `{"max_grad_norm": 1.5}\n${rows}` : rows);
  }
  await appendFile(log, line(77_777, 7));
  const seen: unknown[] = [];
  const done = new Promise<void>((resolve) => {
    store.onDidChange(({ run, what }) => {
      const shown = run.first("globalNorm");
      seen.push([what, shown?.last()?.step, run.isFilling(), run.clipThreshold()?.value]);
      if (what === "restarted" && !run.isFilling()) {
        resolve();
      }
    });
  });
  follow(filesOf(log));
  await done;
  const whole = store.get(folder.path)?.first("globalNorm");
  const ends = seen.slice(2, -1);
  expect(seen[1]).toEqual(["samples", expect.any(Number), false, 1.5]);
  expect([ends.length > 0, ...ends]).toEqual([true, ...ends.map(() => ["restarted", 77_777, true, 1.5])]);
  expect([whole?.count(), whole?.placeAt(77_777)?.line, errors]).toEqual([
    copies * 40_000 + 1,
    copies * 40_000 + 1,
    [],
  ]);
}, 30_000);
