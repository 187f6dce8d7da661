import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestFolder } from "../../support/testFolder.ts";
import type { TestFolder } from "../../support/testFolder.ts";
import { EXAMPLE, buildProgram } from "../../support/build.ts";
import { noisyNorms } from "../../support/norms.ts";
import { runGradlens } from "../program.ts";
import type { Gradlens } from "../program.ts";

let script: string;
let folder: TestFolder;
beforeAll(async () => {
  [script, folder] = await Promise.all([buildProgram("cli"), createTestFolder()]);
  await folder.write("short/metrics.jsonl", jsonLines(noisyNorms(60)));
  await folder.write("cut/metrics.jsonl", jsonLines(noisyNorms(500).map((norm) => Math.min(norm, 1.1))));
});
afterAll(async () => folder.dispose());

const gradlens: Gradlens = async (...args) => runGradlens(script, folder.path, args);

function jsonLines(norms: readonly number[]): string {
  return norms.map((norm, step) => `${JSON.stringify({ step, grad_norm: norm })}\n`).join("");
}

interface Candidate {
  readonly method: string;
  readonly maxNorm: number | null;
  readonly clippedShare: number;
  readonly meanCoefficient: number;
  readonly retainedLength: number;
  readonly reason: string;
}

interface ClipDocument {
  readonly schema: string;
  readonly steps: number;
  readonly clipState: string;
  readonly candidates: readonly Candidate[];
  readonly tensors?: readonly { readonly name: string; readonly maxNorm: number; readonly clippedShare: number }[];
  readonly cosine?: number;
  readonly note: string;
  readonly refused?: string;
}

async function clip(...args: readonly string[]): Promise<ClipDocument> {
  return JSON.parse((await gradlens("clip", ...args, "--json")).stdout) as ClipDocument;
}

/** The example's norms after the 50 of the warm-up, as its log has them. */
async function exampleNorms(): Promise<readonly number[]> {
  const text = await readFile(join(EXAMPLE, "metrics.jsonl"), "utf8");
  const rows = text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { readonly grad_norm?: number });
  return rows.flatMap(({ grad_norm: norm }) => (norm === undefined ? [] : [norm])).slice(50);
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

test("the shares of the example are those of clipping its log step by step", async () => {
  const norms = await exampleNorms();
  const { schema, steps, clipState, candidates, note } = await clip(EXAMPLE, "--max-norm", "0.5", "--max-norm", "2");
  expect([schema, steps, clipState, note]).toEqual([
    "gradlens/clip@1",
    350,
    "pre",
    "This replays the recorded run; a different threshold would have changed what followed.",
  ]);
  for (const { maxNorm, clippedShare, meanCoefficient, retainedLength } of candidates) {
    if (maxNorm !== null) {
      const after = norms.map((norm) => Math.min(norm, maxNorm));
      expect(clippedShare).toBe(norms.filter((norm) => norm > maxNorm).length / 350);
      expect(meanCoefficient).toBeCloseTo(sum(after.map((norm, step) => norm / (norms[step] ?? 0))) / 350, 12);
      expect(retainedLength).toBeCloseTo(sum(after) / sum(norms), 12);
    }
  }
  const asked = candidates.slice(0, 3).map(({ method, maxNorm }) => [method, maxNorm]);
  expect(asked).toEqual([
    ["keep", 1],
    ["given", 0.5],
    ["given", 2],
  ]);
});

test("the JSON of clip has the documented keys in their order", async () => {
  const document = await clip(EXAMPLE, "--per-tensor");
  expect(Object.keys(document).join(" ")).toBe(
    "schema source norm steps leftOut clipState clipStateReason clipThreshold candidates tensors cosine lowestCosine cautions note",
  );
  expect(new Set(document.candidates.map((one) => Object.keys(one).join(" ")))).toEqual(
    new Set(["method maxNorm clippedShare meanCoefficient retainedLength reason"]),
  );
  expect(document.tensors?.length).toBe(41);
  expect(document.cosine).toBeGreaterThan(0.99);
  document.tensors?.forEach(({ clippedShare }) => expect(clippedShare).toBeCloseTo(0.1, 1));
});

test("without --per-tensor there are no limits of tensors", async () => {
  expect(await clip(EXAMPLE)).not.toHaveProperty("tensors");
});

test("a short run is refused, and its warm-up counts when asked for", async () => {
  const [refused, rough] = [await clip("short"), await clip("short", "--warm-up")];
  expect([refused.candidates, refused.refused]).toEqual([
    [],
    "Too few logged norms count: 10 (left out: 50 of the warm-up); advice needs 50.",
  ]);
  expect([rough.steps, rough.refused, rough.candidates.length > 3]).toEqual([60, undefined, true]);
});

test("a log from after clipping says so, with null for what it does not hold", async () => {
  const { clipState, candidates } = await clip("cut", "--max-norm", "0.9");
  expect(clipState).toBe("post");
  expect(candidates.map(({ method }) => method)).toEqual(["keep", "given", "spikesOnly", "normalising"]);
  expect(candidates.every(({ meanCoefficient }) => meanCoefficient === null)).toBe(true);
});

test("the text for people has the reasons and the caution of every replay", async () => {
  const { stdout, code } = await gradlens("clip", EXAMPLE, "--per-tensor");
  expect([code, stdout.replaceAll(EXAMPLE, "example")]).toMatchSnapshot();
});

test.each([
  { args: ["clip"], says: "no PATH is given" },
  { args: ["clip", "short", "cut"], says: "clip takes one PATH" },
  { args: ["clip", "short", "--max-norm", "0"], says: "--max-norm 0: must be a number above 0" },
  { args: ["clip", "short", "--max-norm", "NaN"], says: "--max-norm NaN: must be a number above 0" },
  { args: ["clip", "."], says: "holds several runs; give one of them" },
  { args: ["clip", "missing.jsonl"], says: "missing.jsonl" },
])("$args ends with 2 and one line that says: $says", async ({ args, says }) => {
  const { code, stdout, stderr } = await gradlens(...args);
  expect([code, stdout, stderr.trim().split("\n").length]).toEqual([2, "", 1]);
  expect(stderr).toContain(says);
});
