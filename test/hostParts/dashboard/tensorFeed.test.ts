import { expect, test } from "vitest";
import { growRows } from "#media/dashboard/grow.ts";
import { createTensorFeed } from "#host/dashboard/tensorFeed.ts";
import { describeTensors } from "#host/dashboard/tensorRows.ts";
import type { TensorChanges, TensorRow } from "#protocol/dashboard/tensorRows.ts";
import { createRun } from "#store/run.ts";
import type { Run } from "#store/run.ts";
import { createRunStore } from "#store/runStore.ts";
import { layeredRun } from "../../support/layeredRun.ts";
import { GLOBAL, batch, chunk, tensorKey } from "../../support/logs.ts";
import { createRandom } from "../../support/random.ts";

const LOG = { path: "/run/metrics.jsonl", format: "jsonl" } as const;
const LONG_ENOUGH_MS = 60_000;

/** A page that was told the run as it is. */
function openPage(run: Run): {
  readonly rows: () => readonly TensorRow[];
  readonly tell: (forMs?: number) => TensorChanges;
  readonly isBehind: () => boolean;
} {
  const feed = createTensorFeed();
  let rows: readonly TensorRow[] = describeTensors(run);
  feed.told(run, describeTensors(run));
  return {
    rows: () => rows,
    isBehind: feed.isBehind,
    tell(forMs = LONG_ENOUGH_MS) {
      const changes = feed.changes(run, forMs);
      rows = growRows(rows, changes);
      return changes;
    },
  };
}

/** Of a message as it crosses the wire: the columns as bytes, the rest as JSON. */
function bytesOf(message: object): number {
  let columns = 0;
  const text = JSON.stringify(message, (_key, value: unknown) => {
    columns += ArrayBuffer.isView(value) ? value.byteLength : 0;
    return ArrayBuffer.isView(value) ? 0 : value;
  });
  return text.length + columns;
}

test("one more step of 10,000 tensors is less than 300 KB, and the page shows what a full picture shows", () => {
  const store = createRunStore();
  const run = layeredRun(store, { blocks: 2000, steps: 60 });
  const page = openPage(run);
  const names = [...run.tensors().keys()];
  store.append(
    run.id,
    LOG,
    batch([chunk(GLOBAL, [61], [100]), ...names.map((name, index) => chunk(tensorKey(name), [61], [1 + index / 7]))]),
  );
  const bytes = bytesOf(page.tell());
  expect([names.length, bytes < 300_000, bytesOf(describeTensors(run)) > 5_000_000]).toEqual([10_002, true, true]);
  expect(page.rows()).toEqual(describeTensors(run));
});

test("where nothing is new next to nothing is told", () => {
  const page = openPage(layeredRun(createRunStore(), { blocks: 100, steps: 5 }));
  const before = page.rows();
  expect(bytesOf(page.tell())).toBeLessThan(200);
  expect(page.rows()).toEqual(before);
});

test("without time for quantiles the last norms are right at once, and the quantiles after some more messages", () => {
  const store = createRunStore();
  const run = layeredRun(store, { blocks: 20, steps: 30 });
  const page = openPage(run);
  const names = [...run.tensors().keys()];
  store.append(run.id, LOG, batch(names.map((name) => chunk(tensorKey(name), [31], [9]))));
  page.tell(0);
  expect(page.rows().map(({ last }) => last)).toEqual(names.map(() => 9));
  expect(page.isBehind()).toBe(true);
  while (page.isBehind()) {
    page.tell(0.05);
  }
  expect(page.rows()).toEqual(describeTensors(run));
});

/** Norms that no average knows: NaN, zero and infinity now and then. */
const ODD = [Number.NaN, 0, Infinity, -1];

test.each(Array.from({ length: 30 }, (_, seed) => ({ seed })))(
  "whatever a log does, the page shows what a full picture shows (random log $seed)",
  ({ seed }) => {
    const random = createRandom(seed + 1);
    const run = createRun("/run", () => 400); // So few that long series are coarsened.
    run.append(LOG, batch([chunk(tensorKey("t0"), [0], [1])]));
    const page = openPage(run);
    let step = 1;
    for (let turn = 0; turn < 25; turn++) {
      const chunks = Array.from({ length: random.below(6) }, (_, index) => {
        const count = random.below(10) === 0 ? 80 : 1 + random.below(4);
        const steps = Array.from({ length: count }, (_unused, at) => step + at);
        const values = steps.map(() => (random.below(6) === 0 ? random.pick(ODD) : random.below(1000) / 7));
        return chunk(tensorKey(`t${index}`), steps, values);
      });
      step = Math.max(0, step + random.below(20) - 4); // Sometimes back.
      run.append(LOG, batch(chunks, { restarted: random.below(15) === 0 }));
      page.tell();
      expect(page.rows()).toEqual(describeTensors(run));
    }
  },
);
