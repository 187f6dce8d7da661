import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { identifyLog, readerFor } from "#readers/logs/readers.ts";
import { parseAll, parseByLine, samplesOf } from "./parsed.ts";
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

const KINDS_READ_HERE = new Set(["jsonl", "mmengine_json", "trainer_state", "megatron_text", "tfevents", "wandb"]);
const KEY_OF_KIND: Readonly<Record<string, string>> = {
  jsonl: "train/grad_norm",
  megatron_text: "grad norm",
  tfevents: "train/grad_norm",
  wandb: "train/grad_norm",
};

function summaryOf(file: string, key: string): Expected | undefined {
  const bytes = readFileSync(new URL(file, CORPUS));
  const format = identifyLog(file, bytes);
  if (format === undefined) {
    return undefined;
  }
  const reader = readerFor(format);
  const text = bytes.toString(bytes[0] === 0xff ? "utf16le" : "utf8");
  const parsed = reader.growth === "byRecords" ? parseRecords(reader, bytes) : parseAll(reader, text);
  const rows = samplesOf(parsed)[key] ?? [];
  return summaryOfPoints(rows.map(([step, value]) => [step, value] as const));
}

function summaryOfPoints(points: readonly (readonly [number, number])[]): Expected | undefined {
  const byValue = points.toSorted(([, a], [, b]) => a - b);
  const [first, last, min] = [points.at(0), points.at(-1), byValue.at(0)];
  // Of equal values the first counts.
  const max = byValue.find(([, value]) => value === byValue.at(-1)?.[1]);
  if (first === undefined || last === undefined || min === undefined || max === undefined) {
    return undefined;
  }
  const nonfinite = points.filter(([, value]) => !Number.isFinite(value)).length;
  const sum = Number(points.reduce((total, [, value]) => total + value, 0).toFixed(6));
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

  test.each(known.filter(({ file }) => !file.endsWith(".md")))(
    "$file holds the gradient norms known of it",
    ({ kind, file, grad_norm }) => {
      const summary = summaryOf(file, KEY_OF_KIND[kind] ?? "grad_norm");
      // The sums were rounded to six digits; a file of nothing but its header has no norms.
      const expected = (): unknown => ({ ...grad_norm, sum: expect.closeTo(grad_norm.sum, 5) as number });
      expect(summary).toEqual(grad_norm.n === 0 ? undefined : expected());
    },
  );

  test("a chronicle holds the 13 norms known of it and the five of wrapped lines", () => {
    const chronicle = known.find(({ file }) => file.endsWith(".md"));
    const wrapped = [0.15, 0.14, 0.144, 0.135, 0.127];
    const sum = Number(((chronicle?.grad_norm.sum ?? 0) + wrapped.reduce((total, norm) => total + norm, 0)).toFixed(6));
    // One of the wrapped values is the smallest of all.
    const expected = { ...chronicle?.grad_norm, n: 18, sum, min: [42784, 0.127] };
    expect(summaryOf(chronicle?.file ?? "", "grad norm")).toEqual(expected);
  });

  test("a log in UTF-16 holds what it holds in UTF-8", () => {
    const plain = known.find(({ file }) => file.includes("1809562"));
    expect(summaryOf("derived/megatron_utf16le_crlf.log", "grad norm")).toEqual(plain?.grad_norm);
  });

  test.each(known.filter(({ kind }) => kind === "megatron_text"))("$file read line by line is the same", ({ file }) => {
    const text = readFileSync(new URL(file, CORPUS), "utf8");
    const reader = readerFor("megatron");
    expect(reader.growth === "byLines" && parseByLine(reader, text)).toEqual(samplesOf(parseAll(reader, text)));
  });

  test("mmengine's validation rows stand where training was", () => {
    const text = readFileSync(new URL("mmengine/3d-car__20231006_063703__scalars.json", CORPUS), "utf8");
    const samples = samplesOf(parseAll(readerFor("jsonl"), text));
    expect(samples["Kitti metric/pred_instances_3d/KITTI/Car_3D_AP11_easy_strict"]?.map(([step]) => step)).toEqual([
      2438, 4914, 7390,
    ]);
  });

  test.each([
    { file: "megatron/meg_ds_3d_gpt2_perf_n16-ds-on.out", value: 1, source: /^clip_grad/ },
    { file: "megatron/meg_gpt2_base_n8_dp1_tp4_pp8-1809562.out", value: 1, source: /^clip_grad/ },
  ])("$file says that gradients are clipped at $value", ({ file, value, source }) => {
    const { clipThreshold } = parseAll(readerFor("megatron"), readFileSync(new URL(file, CORPUS), "utf8"));
    expect([clipThreshold?.value, clipThreshold?.source]).toEqual([value, expect.stringMatching(source)]);
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
