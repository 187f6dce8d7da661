import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { identifyLog, readerFor } from "#readers/logs/readers.ts";
import { parseAll, samplesOf } from "./parsed.ts";
import { parseRecords, readInBatches } from "./parsedRecords.ts";

const CORPUS = new URL("../../../../shared/corpus/logs/", import.meta.url);

interface Known {
  readonly kind: string;
  readonly file: string;
  readonly grad_norm: Expected;
}

interface Expected {
  readonly n: number;
  readonly nonfinite: number;
  readonly first: readonly [number, number];
  readonly last: readonly [number, number];
  readonly max: readonly [number, number];
  readonly min: readonly [number, number];
  readonly sum: number;
}

const KINDS_READ_HERE = new Set(["jsonl", "mmengine_json", "trainer_state", "tfevents", "wandb"]);

function summaryOf(file: string, key: string): Expected | undefined {
  const bytes = readFileSync(new URL(file, CORPUS));
  const format = identifyLog(file, bytes);
  if (format === undefined) {
    return undefined;
  }
  const reader = readerFor(format);
  const parsed = reader.growth === "byRecords" ? parseRecords(reader, bytes) : parseAll(reader, bytes.toString());
  const rows = samplesOf(parsed)[key] ?? [];
  const points = rows.map(([step, value]) => [step, value] as const);
  const byValue = points.toSorted(([, a], [, b]) => a - b);
  const [first, last, min, max] = [points.at(0), points.at(-1), byValue.at(0), byValue.at(-1)];
  if (first === undefined || last === undefined || min === undefined || max === undefined) {
    return undefined;
  }
  const nonfinite = points.filter(([, value]) => !Number.isFinite(value)).length;
  const sum = points.reduce((total, [, value]) => total + value, 0);
  return { n: points.length, nonfinite, first, last, max, min, sum };
}

const isAtHand = existsSync(CORPUS);

test("the real logs are read where they are at hand", () => {
  if (!isAtHand) {
    process.stdout.write("corpus not at hand\n");
  }
  expect(existsSync(new URL("known.json", CORPUS))).toBe(isAtHand);
});

if (isAtHand) {
  const known = (JSON.parse(readFileSync(new URL("known.json", CORPUS), "utf8")) as Known[]).filter(({ kind }) =>
    KINDS_READ_HERE.has(kind),
  );

  test.each(known)("$file holds the gradient norms known of it", ({ file, grad_norm }) => {
    const key = /^(?:jsonl|tfevents|wandb)/.test(file) ? "train/grad_norm" : "grad_norm";
    const summary = summaryOf(file, key);
    if (grad_norm.n === 0) {
      expect(summary).toBeUndefined();
    } else {
      // The sums were rounded to six digits.
      expect(summary).toEqual({ ...grad_norm, sum: expect.closeTo(grad_norm.sum, 5) as number });
    }
  });

  test.each([
    { file: "derived/hf_console_sv7hxi9x.log", n: 19, first: [1, 1616], last: [19, 210], max: [3, 5312] },
    { file: "derived/hf_console_v9z6xp4p.log", n: 353, first: [1, 8.25], last: [353, 4.25], max: [3, 12.375] },
  ])("$file holds $n gradient norms with their steps", ({ file, ...expected }) => {
    expect(summaryOf(file, "grad_norm")).toMatchObject(expected);
  });

  test.each([
    { file: "derived/truncated_tail.tfevents", told: [] },
    { file: "derived/bitflip_middle.tfevents", told: ["From byte 5951 on 52 B are damaged and were passed over."] },
    { file: "wandb/run-v9z6xp4p.wandb", told: [] },
  ])("$file tells of damage: $told", ({ file, told }) => {
    const bytes = readFileSync(new URL(file, CORPUS));
    const reader = readerFor(identifyLog(file, bytes) ?? "jsonl");
    expect(
      reader.growth === "byRecords" ? parseRecords(reader, bytes).problems.map(({ reason }) => reason) : [],
    ).toEqual(told);
  });

  test.each([
    { file: "derived/truncated_tail.tfevents", n: 12, last: [1200, 6.602963447570801] },
    { file: "derived/bitflip_middle.tfevents", n: 12, last: [1200, 6.602963447570801] },
  ])("$file holds $n gradient norms", ({ file, ...expected }) => {
    expect(summaryOf(file, "train/grad_norm")).toMatchObject(expected);
  });

  test("a Weights & Biases log read in small batches gives the same norms", () => {
    const bytes = readFileSync(new URL("wandb/run-v9z6xp4p.wandb", CORPUS));
    const reader = readerFor("wandb");
    const read = reader.growth === "byRecords" ? readInBatches(reader, bytes, 50_000) : null;
    expect([read?.samples["train/grad_norm"]?.length, read?.problems]).toEqual([354, []]);
  });

  test("a cut JSONL gives its 34 whole lines and one problem", () => {
    const text = readFileSync(new URL("derived/partial_last_line.jsonl", CORPUS), "utf8");
    const { problems, clipThreshold } = parseAll(readerFor("jsonl"), text);
    expect([problems.map(({ line }) => line), clipThreshold]).toEqual([
      [34],
      { value: 1, source: "max_grad_norm (line 1)" },
    ]);
  });
}
