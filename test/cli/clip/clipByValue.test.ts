import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestFolder } from "../../support/testFolder.ts";
import type { TestFolder } from "../../support/testFolder.ts";
import { EXAMPLE, buildProgram } from "../../support/build.ts";
import { bytesOf, safetensorsFile } from "../../support/safetensors.ts";
import type { TestTensor } from "../../support/safetensors.ts";
import { torchFile } from "../../support/torchFile.ts";
import { runGradlens } from "../program.ts";
import type { Gradlens } from "../program.ts";

const ROOT = join(EXAMPLE, "../..");
const CHECKPOINT = join(EXAMPLE, "checkpoint-241");
const GRADIENTS = join(CHECKPOINT, "grads.safetensors");

let script: string;
let folder: TestFolder;
beforeAll(async () => {
  [script, folder] = await Promise.all([buildProgram("cli"), createTestFolder()]);
  await folder.write("grads.safetensors", safetensorsFile({ a: tensorOf(3, -4, 0), b: tensorOf(0.25, 12) }));
  await folder.write("zeros/grads.safetensors", safetensorsFile({ a: tensorOf(0, 0) }));
  const broken = { a: tensorOf(1, Number.NaN), b: tensorOf(3, 4), c: tensorOf(-Infinity) };
  await folder.write("broken/grads.safetensors", safetensorsFile(broken));
  await folder.write("dump.safetensors", safetensorsFile({ w: tensorOf(3, 4) }));
  await folder.write("metrics.jsonl", '{"step": 1, "grad_norm": 1}\n');
});
afterAll(async () => folder.dispose());

const gradlens: Gradlens = async (...args) => runGradlens(script, folder.path, args);

function tensorOf(...values: readonly number[]): TestTensor {
  return { dtype: "F32", shape: [values.length], data: bytesOf(Float32Array.from(values)) };
}

type Interval = readonly [low: number, high: number];

interface ValueClip {
  readonly name: string;
  readonly elements: number;
  readonly norm: number;
  readonly largest: number;
  readonly effects: readonly Readonly<
    Record<"clippedShare" | "norm" | "cosine", Interval> & { readonly limit: number }
  >[];
}

interface Document extends ValueClip {
  readonly schema: string;
  readonly tensors?: readonly ValueClip[];
  readonly notes: readonly string[];
  readonly refused?: string;
}

async function clip(...args: readonly string[]): Promise<Document> {
  return JSON.parse((await gradlens("clip", ...args, "--json")).stdout) as Document;
}

/** Each tensor's elements, read without Gradlens' readers. */
function elementsOf(path: string): ReadonlyMap<string, Float32Array> {
  const bytes = readFileSync(path);
  const start = 8 + Number(bytes.readBigUInt64LE(0));
  const header = JSON.parse(bytes.toString("utf8", 8, start)) as Record<string, { data_offsets?: [number, number] }>;
  return new Map(
    Object.entries(header).flatMap(([name, { data_offsets: offsets }]) =>
      offsets === undefined
        ? []
        : [[name, new Float32Array(Uint8Array.from(bytes.subarray(start + offsets[0], start + offsets[1])).buffer)]],
    ),
  );
}

/** Clips the elements themselves, and tells what the document has outside of its intervals. */
function outside(elements: readonly number[], { effects }: ValueClip): unknown[] {
  return effects.flatMap(({ limit, clippedShare, norm, cosine }) => {
    const after = elements.map((element) => Math.min(Math.max(element, -limit), limit));
    const truth = [
      [clippedShare, elements.filter((element) => Math.abs(element) >= limit).length / elements.length],
      [norm, Math.sqrt(dot(after, after))],
      [cosine, dot(elements, after) / Math.sqrt(dot(elements, elements) * dot(after, after))],
    ] as const;
    return truth.filter(([[low, high], value]) => !(value >= low * (1 - 1e-9) && value <= high * (1 + 1e-9)));
  });
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0);
}

const LIMITS = [0.0001, 0.01, 0.03125, 0.1, 0.5, 1, 2, 5];

test("what clipping the elements of the example does lies in the ranges, of all and of each tensor", async () => {
  const document = await clip(CHECKPOINT, "--by-value", LIMITS.join(","), "--per-tensor");
  const tensors = elementsOf(GRADIENTS);
  const all = [...tensors.values()].flatMap((values) => [...values]);
  expect([document.elements, document.effects.map(({ limit }) => limit), outside(all, document)]).toEqual([
    all.length,
    LIMITS,
    [],
  ]);
  expect(new Set(document.tensors?.map(({ name }) => name))).toEqual(new Set(tensors.keys()));
  const wrong = document.tensors?.flatMap((tensor) => outside([...(tensors.get(tensor.name) ?? [])], tensor));
  expect(wrong).toEqual([]);
});

test("at powers of two the share of the example's elements is exact", async () => {
  const { effects } = await clip(GRADIENTS, "--by-value", "0.03125", "--by-value", "0.5,2,0.50");
  const all = [...elementsOf(GRADIENTS).values()].flatMap((values) => [...values]);
  const shares = [0.03125, 0.5, 2].map(
    (limit) => all.filter((element) => Math.abs(element) >= limit).length / all.length,
  );
  expect(effects.map(({ clippedShare }) => clippedShare)).toEqual(shares.map((share) => [share, share]));
});

test("the ranges of the example are narrow enough to choose by", async () => {
  const { effects } = await clip(GRADIENTS, "--by-value", "0.1,1");
  const widths = effects.map(({ norm, cosine }) => [norm[1] / norm[0] < 1.3, cosine[1] - cosine[0] < 0.25]);
  expect(widths).toEqual([
    [true, true],
    [true, true],
  ]);
});

test("the JSON has its keys in their order, and tensors only when they are asked for", async () => {
  const [plain, full] = [
    await clip("grads.safetensors", "--by-value", "16"),
    await clip("grads.safetensors", "--by-value", "16", "--per-tensor"),
  ];
  const unchanged = { limit: 16, clippedShare: [0, 0], cosine: [1, 1] };
  expect(JSON.stringify(plain)).toBe(
    JSON.stringify({
      schema: "gradlens/clip-by-value@1",
      source: "grads.safetensors",
      elements: 5,
      norm: plain.norm,
      largest: 12,
      effects: [{ limit: 16, clippedShare: [0, 0], norm: plain.effects[0]?.norm, cosine: plain.effects[0]?.cosine }],
      notes: [],
    }),
  );
  expect(plain.norm).toBeCloseTo(Math.sqrt(25 + 0.0625 + 144), 12);
  expect(full.tensors?.[0]).toEqual({
    name: "a",
    elements: 3,
    norm: 5,
    largest: 4,
    effects: [{ ...unchanged, norm: [5, 5] }],
  });
});

test("the text for people has a row for each limit, and the tensors that are turned most first", async () => {
  const { stdout, stderr, code } = await gradlens("clip", GRADIENTS, "--by-value", "0.03125,1,4", "--per-tensor");
  expect([code, stderr, stdout.replaceAll(EXAMPLE, "example")]).toMatchSnapshot();
});

test("the page on clipping shows what the example gives", async () => {
  const page = readFileSync(join(ROOT, "docs/clipping.md"), "utf8");
  const [, command = "", output] = /^gradlens (.+ --by-value .+)\n```\n\n```text\n(.+?)```/ms.exec(page) ?? [];
  expect((await runGradlens(script, ROOT, command.split(" "))).stdout).toBe(output);
});

test("tensors that are not finite are named, and the others are told of", async () => {
  const { stdout, code } = await gradlens("clip", "broken", "--by-value", "3.5", "--per-tensor");
  expect([code, stdout]).toMatchSnapshot();
  const { norm, effects, refused, tensors } = await clip("broken", "--by-value", "1", "--per-tensor");
  expect([norm, effects, tensors?.map((tensor) => tensor.effects.length)]).toEqual(["NaN", [], [0, 1, 0]]);
  expect(refused).toMatch(/^Not finite: a, c\. /);
});

test("a gradient that cannot be read is told of", async () => {
  const unread = { dtype: "F6_E2M3", shape: [4], data: new Uint8Array(3) };
  await folder.write("six/grads.safetensors", safetensorsFile({ a: tensorOf(3, 4), x: unread }));
  await folder.write("none/grads.safetensors", safetensorsFile({ x: unread }));
  const [{ norm, notes }, none] = [
    await clip("six", "--by-value", "1"),
    await gradlens("clip", "none", "--by-value", "1"),
  ];
  const note = "x: Gradlens cannot decode elements of F6_E2M3, so it has no norm here.";
  expect([norm, notes]).toEqual([5, [note]]);
  expect(none).toEqual({
    code: 2,
    stdout: "",
    stderr: `none: ${note}\ngradlens: none: no gradient in it could be measured.\n`,
  });
});

test("a gradient of zeros has nothing to clip", async () => {
  const { effects, norm, refused } = await clip("zeros", "--by-value", "1");
  expect([effects, norm, refused]).toEqual([[], 0, "All elements are 0, so there is nothing to clip."]);
});

test("--kind gradient takes tensors that nothing names for gradients", async () => {
  const { norm, elements } = await clip("dump.safetensors", "--by-value", "1", "--kind", "gradient");
  expect([norm, elements]).toEqual([5, 2]);
});

test("tensors in the same bytes count once", async () => {
  const file = torchFile((add) => {
    const shared = add([3, 4]);
    return { a: shared, b: shared };
  });
  await folder.write("tied.pt", file);
  const { norm, elements, effects } = await clip("tied.pt", "--by-value", "1", "--kind", "gradient");
  expect([norm, elements]).toEqual([5, 2]);
  expect(effects[0]?.norm[1]).toBeCloseTo(Math.SQRT2, 12);
});

test.each([
  { args: ["--by-value", "0"], says: "--by-value 0: must be a number above 0" },
  { args: ["--by-value=-1"], says: "--by-value -1: must be a number above 0" },
  { args: ["--by-value", "NaN"], says: "--by-value NaN: must be a number above 0" },
  { args: ["--by-value", "Infinity"], says: "--by-value Infinity: must be a number above 0" },
  { args: ["--by-value", "small"], says: "--by-value small: must be a number above 0" },
  { args: ["--by-value", "1,,2"], says: "--by-value : must be a number above 0" },
  { args: ["--by-value", "1", "--kind", "weight"], says: "--kind weight: must be one of gradient" },
  { args: ["--by-value", "1", "--last", "100"], says: "--last is of logs, and --by-value reads a checkpoint" },
  { args: ["--kind", "gradient"], says: "--kind belongs to --by-value" },
  { args: ["--by-value", "1"], says: "no tensor is taken as a gradient; give a checkpoint that holds gradients" },
])("clip dump.safetensors $args ends with 2 and one line that says: $says", async ({ args, says }) => {
  const { code, stdout, stderr } = await gradlens("clip", "dump.safetensors", ...args);
  expect([code, stdout, stderr.trim().split("\n").length]).toEqual([2, "", 1]);
  expect(stderr).toContain(says);
});

test("a log is no checkpoint", async () => {
  const { code, stderr } = await gradlens("clip", "metrics.jsonl", "--by-value", "1");
  expect([code, stderr]).toMatchInlineSnapshot(`
    [
      2,
      "gradlens: metrics.jsonl: This is not a checkpoint of a format that Gradlens reads.
    ",
    ]
  `);
});
