import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, expect, test } from "vitest";
import { AGENT_TOOLS } from "#answers/agentTools.ts";
import type { RunChoices } from "#answers/fileAccess.ts";
import { DEFAULT_RULES } from "#core/rules.ts";
import { accessThrough } from "#host/agents/workerAccess.ts";
import type { AnswerSources } from "#host/agents/workerAccess.ts";
import { createFindingsBook } from "#following/findingsBook.ts";
import type { FindingsBook } from "#following/findingsBook.ts";
import { followRun } from "#following/follower.ts";
import { logsOf } from "#client/workerLogs.ts";
import { createRunStore } from "#store/runStore.ts";
import type { RunStore } from "#store/runStore.ts";
import { createWorkerClient } from "#client/workerClient.ts";
import type { WorkerClient } from "#client/workerClient.ts";
import { startWorkerProcess } from "#client/workerProcess.ts";
import { ENGLISH, setLanguage } from "#l10n/language.ts";
import { createTestFolder } from "../files/folder.ts";
import { EXAMPLE, buildProgram } from "../support/build.ts";
import { PSEUDO } from "../support/pseudoBundle.ts";
import { createReadingWorker } from "../support/readingWorker.ts";

const owned: { readonly dispose: () => void }[] = [];
afterEach(() => owned.splice(0).forEach((one) => one.dispose()));

interface Desk {
  readonly store: RunStore;
  readonly findings: FindingsBook;
  readonly worker: WorkerClient;
  /** Logs that the worker was asked to read from their beginning. */
  readonly begunLogs: readonly string[];
  readonly ask: (name: string, input: object, signal?: AbortSignal) => Promise<string>;
}

/** What the editor's settings and the project's file would say together. */
const USUAL: RunChoices = { rules: DEFAULT_RULES, isIgnored: () => false, logPatterns: [] };

type Workers = Pick<AnswerSources, "worker" | "ownWorker">;

const cache = mkdtempSync(join(tmpdir(), "gradlens-norms-"));
afterAll(() => rmSync(cache, { recursive: true, force: true }));

function createDesk(folders: readonly string[] = [EXAMPLE], choices = USUAL, workers: Partial<Workers> = {}): Desk {
  const begunLogs: string[] = [];
  const worker = createReadingWorker(async (request) => {
    if (request.kind === "readLog" && request.position === null) {
      begunLogs.push(request.path);
    }
    await Promise.resolve();
  });
  const store = createRunStore();
  const findings = createFindingsBook(store);
  owned.push(findings);
  const sources = {
    worker,
    ownWorker: worker,
    ...workers,
    store,
    findings,
    choicesFor: async () => Promise.resolve(choices),
    folders: () => folders,
    maxSamples: () => Infinity,
    compute: () => ({ threads: 1 }),
    cache,
  };
  return {
    store,
    findings,
    worker,
    begunLogs,
    async ask(name, input, signal = new AbortController().signal) {
      const tool = AGENT_TOOLS.find((one) => one.name === `gradlens_${name}`);
      const text = await tool?.answer(input, accessThrough(sources, signal));
      return text?.replaceAll(/changed .*? UTC\)/g, "changed") ?? "";
    },
  };
}

function watchNothing(): { readonly dispose: () => void } {
  return { dispose: () => undefined };
}

async function follow({ store, worker }: Desk, folder: string): Promise<void> {
  const { runs } = await worker.request<"discoverRuns">({ kind: "discoverRuns", folder, maxEntries: 1000 });
  const run = runs.find((one) => one.folder === folder);
  if (run === undefined) {
    throw new Error("There is a run.");
  }
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  owned.push(
    followRun(run, {
      store,
      source: logsOf(worker),
      customPatterns: () => [],
      intervalMs: () => 1e6,
      watch: watchNothing,
      onError: reject,
    }),
  );
  owned.push(
    store.onDidChange(() => {
      if (store.get(folder)?.first("globalNorm")?.valueAt(400) !== undefined) {
        resolve();
      }
    }),
  );
  await promise;
}

test.each(["get_norms", "find_anomalies", "recommend_clipping"])(
  "%s answers the same of a run that is followed and of one that is not",
  async (name) => {
    const desk = createDesk();
    const unread = await desk.ask(name, { run: EXAMPLE });
    await follow(desk, EXAMPLE);
    // The run's other logs may still be read.
    await expect.poll(async () => desk.ask(name, { run: EXAMPLE })).toBe(unread);
  },
);

test("people read of a run in their language, and agents read the same in English", async () => {
  const tools = ["get_norms", "find_anomalies", "recommend_clipping"];
  const desk = createDesk();
  const english = await Promise.all(tools.map(async (name) => desk.ask(name, { run: EXAMPLE })));
  try {
    setLanguage(PSEUDO);
    await follow(desk, EXAMPLE);
    const messages = (): readonly string[] =>
      desk.store.runs().flatMap((run) => desk.findings.of(run).map(({ message }) => message));
    await expect.poll(() => messages().join("\n")).toContain("⟦Gradient norm jumped to");
    await expect
      .poll(async () => Promise.all(tools.map(async (name) => desk.ask(name, { run: EXAMPLE }))))
      .toEqual(english);
  } finally {
    setLanguage({});
  }
});

test("a file that cannot be read is told of to people in their language, and to agents in English", async () => {
  const folder = await createTestFolder();
  await folder.write("empty.safetensors", "");
  const script = await buildProgram("worker");
  const start = (language?: typeof ENGLISH): WorkerClient => {
    const client = createWorkerClient(() => startWorkerProcess(script, () => undefined, [], language));
    owned.push(client);
    return client;
  };
  const [worker, ownWorker] = [start(ENGLISH), start()];
  const path = join(folder.path, "empty.safetensors");
  try {
    setLanguage(PSEUDO);
    const desk = createDesk([folder.path], USUAL, { worker, ownWorker });
    await expect(ownWorker.request<"indexCheckpoint">({ kind: "indexCheckpoint", path })).rejects.toThrow(
      "⟦The file has 0 of 8 bytes.",
    );
    await expect(desk.ask("inspect_checkpoint", { path })).rejects.toThrow(`${path}: The file has 0 of 8 bytes.`);
  } finally {
    setLanguage({});
    await folder.dispose();
  }
});

test("norms that were computed for people are known to agents, without notes in their language", async () => {
  const asked = { path: "checkpoint-241/grads.safetensors" };
  const worker = createReadingWorker();
  const ownWorker: WorkerClient = {
    ...worker,
    request: async (request, options) => {
      const answer = await worker.request(request, options);
      return answer !== null && typeof answer === "object" && "notes" in answer
        ? Object.assign(answer, { notes: ["⟦A note.⟧"] })
        : answer;
    },
  };
  const deaf: WorkerClient = {
    ...worker,
    request: async (request, options) => {
      expect(request.kind).not.toBe("computeNorms");
      return request.kind === "knownNorms" ? (null as never) : worker.request(request, options);
    },
  };
  const computed = await createDesk().ask("inspect_checkpoint", { ...asked, compute: true });
  const text = await createDesk([EXAMPLE], USUAL, { worker: deaf, ownWorker }).ask("inspect_checkpoint", {
    ...asked,
    compute: true,
  });
  expect(text).toBe(computed);
});

function stepRows(factor: number): string {
  return Array.from({ length: 401 }, (_, step) => `{"step":${step},"grad_norm":${factor * (1 + (step % 7))}}\n`).join(
    "",
  );
}

function epochRow(row: number): string {
  return `{'loss': 2.5, 'grad_norm': ${row === 250 ? 40 : 1 + (row % 7) / 70}, 'epoch': ${(row + 1) / 100}}\n`;
}

test("what is noted of a followed run's logs, agents read in English", async () => {
  const folder = await createTestFolder();
  await folder.write("a.jsonl", stepRows(1));
  await folder.write("b.jsonl", stepRows(3));
  try {
    setLanguage(PSEUDO);
    const desk = createDesk([folder.path]);
    await follow(desk, folder.path);
    const notes = (): readonly string[] => desk.store.runs().flatMap((run) => run.notes());
    await expect.poll(() => notes().join("\n")).toContain("⟦");
    const text = await desk.ask("get_norms", { run: folder.path });
    expect(text).toContain("disagree on grad_norm");
    expect(text).not.toContain("⟦");
  } finally {
    setLanguage({});
    await folder.dispose();
  }
});

test("of a log that has only epochs, agents read of epochs", async () => {
  const folder = await createTestFolder();
  await folder.write("own/train.log", Array.from({ length: 300 }, (_, row) => epochRow(row)).join(""));
  owned.push({ dispose: () => void folder.dispose() }); // Nothing waits for it.
  const desk = createDesk([folder.path]);
  const asked = { run: `${folder.path}/own` };
  expect(await desk.ask("find_anomalies", asked)).toContain("global norm, epoch 2.51, ");
  const text = await desk.ask("get_norms", { ...asked, from_step: 2 });
  expect(text).toContain("epochs 0.01 to 3 (as logged)");
  expect(text).toContain("from epoch 2. ");
  expect(text).toContain("max 40 at epoch 2.51; last ");
});

test("a followed run is not read a second time", async () => {
  const desk = createDesk([]);
  await follow(desk, EXAMPLE);
  await desk.ask("find_anomalies", { run: EXAMPLE });
  expect(desk.begunLogs.filter((path) => path.endsWith("metrics.jsonl"))).toHaveLength(1);
});

test("a run that is not followed is read and judged as its people want", async () => {
  const folder = await createTestFolder();
  owned.push({ dispose: () => void folder.dispose() }); // Nothing waits for it.
  await folder.write("own/train.txt", ownLines());
  const asked = { run: `${folder.path}/own` };
  const logPatterns = [String.raw`it=(?<step>\d+) g=(?<value>\S+)`];
  const choices = { ...USUAL, logPatterns };
  await expect(createDesk([folder.path]).ask("find_anomalies", asked)).rejects.toThrow("No training log is in");
  expect(await createDesk([folder.path], choices).ask("list_runs", {})).toContain("log: custom");
  expect(await createDesk([folder.path], choices).ask("find_anomalies", asked)).toContain("error GN101");
  const deaf = { ...choices, rules: new Set(["GN201"] as const) };
  expect(await createDesk([folder.path], deaf).ask("find_anomalies", asked)).toContain("No findings");
  const ignoring = { ...choices, isIgnored: () => true };
  expect(await createDesk([folder.path], ignoring).ask("find_anomalies", asked)).toContain("No findings");
});

function ownLines(): string {
  return Array.from({ length: 60 }, (_, step) => `it=${step} g=${step === 50 ? "nan" : 1 + (step % 7) / 10}\n`).join(
    "",
  );
}

test("a followed run outside of the workspace may be read, others there may not", async () => {
  const desk = createDesk([]);
  await expect(desk.ask("get_norms", { run: EXAMPLE })).rejects.toThrow(
    "Only what lies in these folders may be read: none.",
  );
  await follow(desk, EXAMPLE);
  expect(await desk.ask("get_norms", { run: EXAMPLE })).toContain("400 points");
  await expect(desk.ask("get_norms", { run: `${EXAMPLE}/..` })).rejects.toThrow("Nothing that may be read is at");
});

test("computed norms are gathered from the worker's progress", async () => {
  const text = await createDesk().ask("inspect_checkpoint", {
    path: "checkpoint-241/grads.safetensors",
    compute: true,
  });
  expect(text).toContain("All 41 gradient tensors: norm 10.58");
  expect(text).toContain("`transformer.wte.weight` gradient F32 [75, 48]: norm 7.648");
});

test("a checkpoint whose norms were computed before is judged without reading it again", async () => {
  const path = "checkpoint-200/grads.safetensors";
  const before = await createDesk().ask("inspect_checkpoint", { path });
  expect(before).toContain("Only the header was read");
  await createDesk().ask("inspect_checkpoint", { path, compute: true });
  const after = await createDesk().ask("inspect_checkpoint", { path });
  expect(after).toContain("All 41 gradient tensors: norm ");
  expect(after).toContain("Its norms were computed before");
  expect(after).toContain("No findings by the rules that are on.");
});

test("a question that is cancelled is not answered", async () => {
  const controller = new AbortController();
  const asked = createDesk().ask("find_anomalies", { run: EXAMPLE }, controller.signal);
  controller.abort();
  await expect(asked).rejects.toThrow();
});
