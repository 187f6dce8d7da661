import { expect, test } from "vitest";
import { createFindingsBook } from "#host/findingsBook.ts";
import type { FindingsBook } from "#host/findingsBook.ts";
import type { Run } from "#store/run.ts";
import { createRunStore } from "#store/runStore.ts";
import type { RunStore } from "#store/runStore.ts";
import { GLOBAL, RATE, batch, chunk } from "../support/logs.ts";

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

test("the end of a log is judged once what comes before it is read", () => {
  const { store, heard } = open();
  store.append("/run", LOG, batch([chunk(GLOBAL, [1], [1])], { more: true }));
  store.showEnd("/run", LOG, { chunks: [chunk(GLOBAL, [9], [nan])] });
  store.append("/run", LOG, batch([chunk(GLOBAL, [9], [nan])]));
  expect(heard).toEqual(["", "", "GN101 null"]);
});
