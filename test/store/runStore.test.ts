import { expect, test } from "vitest";
import type { RunFiles } from "#core/run.ts";
import type { SeriesKey } from "#core/series.ts";
import { createRunStore } from "#store/runStore.ts";
import { GLOBAL, batch, chunk, tensorKey } from "../support/logs.ts";

const LOG = { path: "/a/metrics.jsonl", format: "jsonl" } as const;
const SUMMARY = {
  bytes: 8,
  format: "safetensors",
  size: { tensors: 0, elements: 0 },
  tensors: new Map(),
  globals: {},
  gradientNorm: null,
  update: null,
};

function filesOf(folder: string): RunFiles {
  return { folder, logs: [], checkpoints: [], modifiedMs: 0 };
}

test("every change of a run is announced by what it was", () => {
  const store = createRunStore();
  const heard: string[] = [];
  store.onDidChange(({ run, what }) => heard.push(`${run.id} ${what}`));
  store.setFiles(filesOf("/a"));
  store.append("/a", LOG, batch([chunk(GLOBAL, [1], [1])]));
  store.append("/a", LOG, batch([], { restarted: true }));
  store.setSummary("/a", "/a/m.safetensors", SUMMARY);
  store.setFiles(filesOf("/b"));
  store.remove("/a");
  store.remove("/a");
  expect([heard, store.runs().map(({ id }) => id)]).toEqual([
    ["/a files", "/a samples", "/a restarted", "/a norms", "/b files", "/a removed"],
    ["/b"],
  ]);
});

test("what arrives for a run that was removed while it was read is dropped in silence", () => {
  const store = createRunStore();
  const run = store.setFiles(filesOf("/a"));
  store.remove("/a");
  const heard: string[] = [];
  store.onDidChange(({ what }) => heard.push(what));
  store.append("/a", LOG, batch([chunk(GLOBAL, [1], [1])]));
  store.setSummary("/a", "/a/m.safetensors", SUMMARY);
  expect([heard, run.series(), run.summaries.size, store.get("/a")]).toEqual([[], [], 0, undefined]);
});

test("a new list of files keeps the run and its samples", () => {
  const store = createRunStore();
  const run = store.setFiles(filesOf("/a"));
  store.append("/a", LOG, batch([chunk(GLOBAL, [1], [1])]));
  const checkpoints = [{ path: "/a/step1.safetensors", step: 1, bytes: 8 }];
  const renewed = store.setFiles({ ...filesOf("/a"), checkpoints });
  expect([renewed === run, run.checkpoints(), run.first("globalNorm")?.length()]).toEqual([true, checkpoints, 1]);
});

test("a run that is added again after its removal starts empty", () => {
  const store = createRunStore();
  store.setFiles(filesOf("/a"));
  store.append("/a", LOG, batch([chunk(GLOBAL, [1], [1])]));
  store.remove("/a");
  expect(store.setFiles(filesOf("/a")).series()).toEqual([]);
});

test("the end of a log is shown until all of it is read, then the whole log at once", () => {
  const store = createRunStore();
  const run = store.setFiles({ ...filesOf("/a"), logs: [LOG] });
  const heard: string[] = [];
  store.onDidChange(({ what }) => heard.push(what));
  const shown: unknown[] = [];
  const look = (): void => {
    const norms = run.first("globalNorm");
    shown.push([[...(norms?.steps() ?? [])], norms?.placeAt(9)?.line, run.isFilling(), run.notes().length]);
  };
  const clipThreshold = { value: 1, source: "max_norm" };
  store.append("/a", LOG, batch([chunk(GLOBAL, [1, 2], [1, 1])], { more: true, clipThreshold }));
  const end = { ...chunk(GLOBAL, [9], [3]), lines: Float64Array.of(Number.NaN) };
  store.showEnd("/a", LOG, { chunks: [end] });
  look();
  store.append("/a", LOG, batch([chunk(GLOBAL, [3, 4], [1, 1])], { more: true }));
  look();
  store.append("/a", LOG, batch([chunk(GLOBAL, [8, 9], [1, 3])]));
  look();
  expect([heard, shown, run.clipThreshold()]).toEqual([
    ["samples", "restarted", "restarted"],
    [
      [[9], undefined, true, 1],
      [[9], undefined, true, 1],
      [[1, 2, 3, 4, 8, 9], 1, false, 0],
    ],
    clipThreshold,
  ]);
});

test("a log that is written anew while it is filled is shown from its new start; one that is gone leaves", () => {
  const store = createRunStore();
  const run = store.setFiles({ ...filesOf("/a"), logs: [LOG] });
  store.append("/a", LOG, batch([chunk(GLOBAL, [1], [1])], { more: true }));
  store.showEnd("/a", LOG, { chunks: [chunk(GLOBAL, [9], [3])] });
  store.append("/a", LOG, batch([chunk(GLOBAL, [5], [1])], { restarted: true }));
  const anew = [...(run.first("globalNorm")?.steps() ?? [])];
  store.showEnd("/a", LOG, { chunks: [chunk(GLOBAL, [9], [3])] });
  store.setFiles(filesOf("/a"));
  expect([anew, run.series(), run.isFilling()]).toEqual([[5], [], false]);
});

test("runs of one model share the keys of their series, but not another kind under the same name", () => {
  const store = createRunStore();
  const keyIn = (id: string, change: Partial<SeriesKey> = {}): SeriesKey | undefined => {
    store.setFiles({ folder: id, logs: [LOG], checkpoints: [], modifiedMs: 0 });
    store.append(id, LOG, batch([{ ...chunk(tensorKey("w"), [1], [1]), ...change }]));
    return store.get(id)?.series()[0]?.key;
  };
  const [a, b, other] = [keyIn("/a"), keyIn("/b"), keyIn("/c", { isEstimate: true })];
  store.remove("/a");
  expect([a === b, other, keyIn("/d")]).toEqual([true, { ...tensorKey("w"), isEstimate: true }, tensorKey("w")]);
});
