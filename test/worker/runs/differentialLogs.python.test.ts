import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, expect, test } from "vitest";

import { readLog } from "#worker/runs/readLog.ts";

import { runPython } from "../../support/python.ts";

const folder = mkdtempSync(join(tmpdir(), "gradlens-differential-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Samples by name, each value as its bits. */
type Series = Readonly<Record<string, readonly (readonly [step: number, bits: string])[]>>;

/** What Python's parsers read, by file. */
const truths = runPython("writeLogs.py", folder) as Readonly<Record<string, Series>>;

test.each([...Map.groupBy(Object.entries(truths), ([file]) => file.slice(file.indexOf(".")))])(
  "every sample of 200 logs in %s is what Python's own parser reads",
  async (_, logs) => {
    const different: unknown[] = [];
    for (const [file, truth] of logs) {
      const { chunks, problems } = await readLog(join(folder, file), null);
      const found = chunks.map(({ name, steps, values }) => [name, rowsOf(steps, values)] as const);
      const wanted = Object.entries(truth).map(([name, rows]) => [name, numbersOf(rows)] as const);
      if (sorted(found) !== sorted(wanted)) {
        different.push([file, firstDifference(found, wanted), problems]);
      }
    }
    expect([logs.length, different]).toEqual([200, []]);
  },
);

type Named = readonly (readonly [name: string, rows: readonly string[]])[];

function sorted(series: Named): string {
  return JSON.stringify(series.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function firstDifference(found: Named, wanted: Named): unknown {
  const names = [...new Set([...found, ...wanted].map(([name]) => name))];
  const of = (series: Named, name: string): readonly string[] => series.find(([each]) => each === name)?.[1] ?? [];
  const name = names.find((each) => of(found, each).join() !== of(wanted, each).join()) ?? "";
  const [a, b] = [of(found, name), of(wanted, name)];
  const at = Array.from({ length: Math.max(a.length, b.length) }, (_, index) => index).find(
    (index) => a[index] !== b[index],
  );
  return { name, at, found: a[at ?? 0], wanted: b[at ?? 0], lengths: [a.length, b.length] };
}

/** Step and value, with minus zero apart from zero. */
function rowsOf(steps: Float64Array, values: Float64Array): readonly string[] {
  return Array.from(steps, (step, at) => printed(step, values[at] ?? Number.NaN));
}

function printed(step: number, value: number): string {
  return `${step} ${Object.is(value, -0) ? "-0" : value}`;
}

function numbersOf(rows: Series[string] = []): readonly string[] {
  return rows.map(([step, bits]) => printed(step, Buffer.from(bits, "hex").readDoubleBE()));
}
