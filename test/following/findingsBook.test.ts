import { expect, test } from "vitest";
import { DEFAULT_CHOICES, createFindingsBook } from "#following/findingsBook.ts";
import type { FindingsBook } from "#following/findingsBook.ts";
import type { RuleId } from "#core/rules.ts";
import type { Run } from "#store/run.ts";
import { createRunStore } from "#store/runStore.ts";
import type { RunStore } from "#store/runStore.ts";
import { GLOBAL, RATE, batch, chunk, tensorKey } from "../support/logs.ts";

const LOG = { path: "/run/metrics.jsonl", format: "jsonl" } as const;
const { NaN: nan } = Number;

function open(): { store: RunStore; book: FindingsBook; run: Run; heard: string[] } {
  const store = createRunStore();
  const book = createFindingsBook(store);
  const heard: string[] = [];
  const run = store.setFiles({ folder: "/run", logs: [], checkpoints: [], modifiedMs: 0 });
  book.onDidChange((changed) =>
    heard.push(
      book
        .of(changed)
        .map(({ rule, end }) => `${rule} ${end}`)
        .join(),
    ),
  );
  return { store, book, run, heard };
}

test("findings follow the samples, each point judged once", () => {
  const { store, book, run, heard } = open();
  store.append("/run", LOG, batch([chunk(RATE, [1], [0.1])]));
  store.append("/run", LOG, batch([chunk(GLOBAL, [1, 2, 3], [1, 0, 0])]));
  store.append("/run", LOG, batch([chunk(GLOBAL, [4], [0])]));
  store.append("/run", LOG, batch([chunk(GLOBAL, [5, 6], [1, nan])]));
  expect([heard, book.of(run).map(({ rule, start, source }) => [rule, start, source.path])]).toEqual([
    ["", "GN206 null", "GN206 null,GN101 null"],
    [
      ["GN206", 2, "/run/metrics.jsonl"],
      ["GN101", 6, "/run/metrics.jsonl"],
    ],
  ]);
});

test("a second norm's findings come and go with its samples, and can be ignored by its name", () => {
  const store = createRunStore();
  const book = createFindingsBook(store, {
    ...DEFAULT_CHOICES,
    isIgnored: (_run, { tensor }) => tensor === "value/grad_norm",
  });
  const run = store.setFiles({ folder: "/run", logs: [], checkpoints: [], modifiedMs: 0 });
  const told = (): unknown[] => book.of(run).map(({ rule, tensor, start, end }) => [rule, tensor, start, end]);
  store.append("/run", LOG, batch([chunk(GLOBAL, [1, 2], [1, 1])]));
  const CRITIC = { ...GLOBAL, name: "critic/grad_norm" };
  const both = [CRITIC, { ...GLOBAL, name: "value/grad_norm" }];
  store.append("/run", LOG, batch([chunk(GLOBAL, [3], [1]), ...both.map((key) => chunk(key, [3], [nan]))]));
  const while3 = told();
  const later = Array.from({ length: 20 }, (_, index) => 4 + index);
  const ones = later.map(() => 1);
  store.append("/run", LOG, batch([chunk(GLOBAL, later, ones), ...both.map((key) => chunk(key, later, ones))]));
  expect([while3, told()]).toEqual([[["GN101", "critic/grad_norm", 3, null]], [["GN101", "critic/grad_norm", 3, 3]]]);
});

test("a log that starts over is judged afresh, and one emptied has no findings", () => {
  const { store, heard } = open();
  store.append("/run", LOG, batch([chunk(GLOBAL, [1], [nan])]));
  store.append("/run", LOG, batch([chunk(GLOBAL, [1, 2, 3], [0, 0, 0])], { restarted: true }));
  store.append("/run", LOG, batch([], { restarted: true }));
  expect(heard).toEqual(["GN101 null", "GN206 null", ""]);
});

test("a more precise log of the same run takes over", () => {
  const { store, book, run } = open();
  store.append("/run", { path: "/run/c.log", format: "huggingFaceConsole" }, batch([chunk(GLOBAL, [10], [nan])]));
  store.append("/run", LOG, batch([chunk(GLOBAL, [9, 10], [1, nan])]));
  expect(book.of(run).map(({ source }) => source)).toEqual([{ path: "/run/metrics.jsonl", line: 2 }]);
});

test("a run that is removed has no findings, and people hear of it", () => {
  const { store, book, run, heard } = open();
  store.append("/run", LOG, batch([chunk(GLOBAL, [1], [nan])]));
  store.remove("/run");
  book.dispose();
  store.setFiles({ folder: "/run", logs: [], checkpoints: [], modifiedMs: 0 });
  store.append("/run", LOG, batch([chunk(GLOBAL, [1], [nan])]));
  expect([heard, book.of(run)]).toEqual([["GN101 null", ""], []]);
});

function zeros(first: number, count: number): [number[], number[]] {
  return [Array.from({ length: count }, (_, index) => first + index), Array<number>(count).fill(0)];
}

test("single tensors are judged with or without a global norm, by what is new", () => {
  const { store, book, run, heard } = open();
  store.append("/run", LOG, batch([chunk(tensorKey("w"), ...zeros(1, 15)), chunk(tensorKey("v"), [1], [1])]));
  store.append("/run", LOG, batch([chunk(tensorKey("w"), ...zeros(16, 15))]));
  const alone = book.of(run).map(({ rule, tensor, start, message, source }) => [rule, tensor, start, message, source]);
  store.append("/run", LOG, batch([chunk(GLOBAL, [30, 31, 32], [0, 0, 0])]));
  expect([heard, alone]).toEqual([
    ["", "GN301 null", "GN301 null,GN206 null"],
    [
      [
        "GN301",
        "w",
        3,
        "w has received no gradient for 28 logged points, since step 3.",
        { path: "/run/metrics.jsonl", line: 3 },
      ],
    ],
  ]);
});

test("a resumed run's tensors are judged by what the restart did not replace", () => {
  const { store, book, run } = open();
  store.append("/run", LOG, batch([chunk(tensorKey("w"), ...zeros(1, 40))]));
  const before = book.of(run).map(({ start, end }) => [start, end]);
  store.append("/run", LOG, batch([chunk(tensorKey("w"), [10, 11, 12], [1, 1, 1])]));
  expect([before, book.of(run)]).toEqual([[[3, null]], []]);
});

test("rules read the clip threshold, and are asked again from the start when another one is found", () => {
  const { store, book, run } = open();
  const steps = Array.from({ length: 300 }, (_, step) => step);
  const norms = chunk(
    GLOBAL,
    steps,
    steps.map((step) => 1 + 0.1 * Math.sin(step)),
  );
  store.append("/run", LOG, batch([norms], { clipThreshold: { value: 50, source: "max_grad_norm" } }));
  const [first] = book.of(run);
  store.append(
    "/run",
    { path: "/run/a.jsonl", format: "custom" },
    batch([], { clipThreshold: { value: 60, source: "clip" } }),
  );
  store.append("/run", LOG, batch([chunk(GLOBAL, [300], [1])]));
  expect([first?.message, book.of(run)[0]?.message]).toEqual([
    "The clip threshold 50 cuts 0 % of steps, so it acts as no limit.",
    "The clip threshold 60 cuts 0 % of steps, so it acts as no limit.",
  ]);
});

test("a loss scale and the norms of other ranks are read where the log has them", () => {
  const store = createRunStore();
  const book = createFindingsBook(store, { ...DEFAULT_CHOICES, rules: () => new Set<RuleId>(["GN101", "GN104"]) });
  const run = store.setFiles({ folder: "/run", logs: [], checkpoints: [], modifiedMs: 0 });
  const steps = Array.from({ length: 40 }, (_, step) => step);
  const chunks = [
    chunk(
      GLOBAL,
      steps,
      steps.map((step) => (step === 30 ? nan : 3)),
    ),
    chunk({ ...GLOBAL, name: "grad_norm (rank 1)" }, [10], [4]),
    chunk(
      { kind: "lossScale", name: "loss_scale", tensor: null },
      steps,
      steps.map((step) => (step < 31 ? 1024 : 512)),
    ),
  ];
  store.append("/run", LOG, batch(chunks));
  expect(book.of(run).map(({ rule, severity, message }) => [rule, severity, message])).toEqual([
    ["GN104", "warning", "Ranks log different norms at step 10: 3, 4. If each is a local shard, the global norm is 5."],
    [
      "GN101",
      "warning",
      "Gradient norm became NaN at step 30; 1 non-finite value so far, 1 of them skipped by the loss scaler, finite again for 9 points.",
    ],
  ]);
});

test("the end of a log is judged once what comes before it is read", () => {
  const { store, heard } = open();
  store.append("/run", LOG, batch([chunk(GLOBAL, [1], [1])], { more: true }));
  store.showEnd("/run", LOG, { chunks: [chunk(GLOBAL, [9], [nan])] });
  store.append("/run", LOG, batch([chunk(GLOBAL, [9], [nan])]));
  expect(heard).toEqual(["", "", "GN101 null"]);
});

test("a tensor that is ignored has no findings, and other rules judge a run from its beginning", () => {
  const store = createRunStore();
  let rules = new Set<RuleId>(["GN301"]);
  const ignored = new Set<string>();
  const book = createFindingsBook(store, {
    rules: () => rules,
    isIgnored: (_run, { tensor }) => ignored.has(tensor ?? ""),
  });
  const run = store.setFiles({ folder: "/run", logs: [], checkpoints: [], modifiedMs: 0 });
  const steps = Array.from({ length: 300 }, (_, index) => index + 1);
  const [live, dead] = [steps.map(() => 1), steps.map((step) => (step < 20 ? 1 : 0))];
  store.append(
    "/run",
    LOG,
    batch([
      chunk(
        GLOBAL,
        steps,
        steps.map((step) => (step < 290 ? 1 : 0)),
      ),
      chunk(tensorKey("a.weight"), steps, live),
      chunk(tensorKey("b.weight"), steps, dead),
    ]),
  );
  const rulesAndTensors = (): readonly unknown[] => book.of(run).map(({ rule, tensor }) => [rule, tensor]);
  expect(rulesAndTensors()).toEqual([["GN301", "b.weight"]]);
  ignored.add("b.weight");
  book.judgeAnew();
  expect(rulesAndTensors()).toEqual([]);
  ignored.clear();
  rules = new Set<RuleId>(["GN206"]);
  book.judgeAnew();
  expect(rulesAndTensors()).toEqual([["GN206", null]]);
});
