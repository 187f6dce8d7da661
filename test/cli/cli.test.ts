import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestFolder } from "../support/testFolder.ts";
import type { TestFolder } from "../support/testFolder.ts";
import { EXAMPLE, buildProgram } from "../support/build.ts";
import { bytesOf, safetensorsFile } from "../support/safetensors.ts";
import { runGradlens } from "./program.ts";
import type { Gradlens } from "./program.ts";

let script: string;
let folder: TestFolder;
beforeAll(async () => {
  [script, folder] = await Promise.all([buildProgram("cli"), createTestFolder()]);
  await folder.write("empty/notes.txt", "nothing");
  await folder.write("bad.safetensors", "abc");
});
afterAll(async () => folder.dispose());

const gradlens: Gradlens = async (...args) => runGradlens(script, folder.path, args);

type Row = Readonly<Record<string, unknown>>;

interface NormsDocument extends Row {
  readonly tensors: readonly (Row & { readonly name: string; readonly kind: string; readonly l2: number })[];
  readonly globals: Readonly<Record<string, Row & { readonly l2: number }>>;
}

interface RunDocument extends Row {
  readonly series: readonly Row[];
  readonly findings: readonly Row[];
}

async function norms(...args: readonly string[]): Promise<readonly NormsDocument[]> {
  return JSON.parse((await gradlens("norms", ...args, "--json")).stdout) as NormsDocument[];
}

async function log(...args: readonly string[]): Promise<Row & { readonly runs: readonly RunDocument[] }> {
  return JSON.parse((await gradlens("log", ...args, "--json")).stdout) as Row & { runs: RunDocument[] };
}

interface ReferenceNorms {
  readonly global: number;
  readonly tensors: Readonly<Record<string, number>>;
}

test.each([200, 241, 400])("the norms of checkpoint-%i are PyTorch's within 1e-7", async (step) => {
  const path = join(EXAMPLE, `checkpoint-${step}`);
  const reference = JSON.parse(await readFile(join(path, "norms.json"), "utf8")) as Record<string, ReferenceNorms>;
  const [document] = await norms(path);
  const measured = document?.tensors.map(({ kind, name, l2 }) => [l2, reference[kind]?.tensors[name] ?? -1] as const);
  const totals = ["gradient", "weight"].map((kind) => [
    document?.globals[kind]?.l2 ?? -2,
    reference[kind]?.global ?? -1,
  ]);
  const errors = [...(measured ?? []), ...totals].map(
    ([l2 = 0, truth = 0]) => Math.abs(l2 - truth) / Math.max(truth, Number.MIN_VALUE),
  );
  expect([errors.length, errors.filter((error) => !(error <= 1e-7))]).toEqual([84, []]);
});

function keysOf(row: unknown): string {
  return Object.keys(row as Row).join(" ");
}

test("the JSON of norms has the documented keys in their order", async () => {
  const [document, ...others] = await norms(join(EXAMPLE, "checkpoint-241/grads.safetensors"));
  expect([
    others,
    keysOf(document),
    new Set(document?.tensors.map(keysOf)),
    keysOf(document?.globals),
    keysOf(document?.globals["gradient"]),
    keysOf(document?.["engine"]),
  ]).toEqual([
    [],
    "schema source format files bytes tensors globals engine readBytes seconds notes",
    new Set([
      "name kind dtype shape elements l2 l1 linf rms mean zeros nan posInf negInf firstNonFinite histogram file",
    ]),
    "gradient",
    "l2 linf rms elements tensors nan posInf negInf",
    "name device threads rates",
  ]);
});

test("the JSON of log has the documented keys in their order", async () => {
  const whole = await log("--values", EXAMPLE);
  expect([
    keysOf(whole),
    whole["schema"],
    new Set(whole.runs.map(keysOf)),
    new Set(whole.runs.flatMap(({ series }) => series.map(keysOf))),
    new Set(whole.runs.flatMap(({ findings }) => findings.map(keysOf))),
  ]).toEqual([
    "schema runs betweenRuns unreadable",
    "gradlens/log@1",
    new Set(["id name sources clipThreshold clipState series findings suspicions notes"]),
    new Set(["name kind tensor source points segments first last min max nonFinite steps values"]),
    new Set(["rule severity tensor start peak end value limit message source"]),
  ]);
});

test("the log of the example tells of the spike, and of the run that diverged", async () => {
  const { runs } = await log(EXAMPLE);
  expect(
    runs.map(({ name, clipThreshold, clipState, findings }) => ({
      name,
      clipThreshold,
      clipState,
      findings: findings.map(({ rule, severity, start, peak }) => [rule, severity, start, peak].join(" ")),
    })),
  ).toMatchObject([
    {
      name: "char-transformer",
      clipThreshold: { value: 1 },
      clipState: "pre",
      findings: ["GN201 warning 240 241"],
    },
    { name: "diverged", clipState: "undetermined", findings: ["GN201 error 19 25", "GN101 error 26 26"] },
  ]);
});

test("the global norm of the run that diverged ends in the string NaN", async () => {
  const { runs } = await log(join(EXAMPLE, "diverged/metrics.jsonl"));
  expect(runs[0]?.series.find(({ kind }) => kind === "globalNorm")).toEqual({
    name: "grad_norm",
    kind: "globalNorm",
    tensor: null,
    source: join(EXAMPLE, "diverged/metrics.jsonl"),
    points: 60,
    segments: 1,
    first: [1, 3.433_464],
    last: [60, "NaN"],
    min: [9, 0.800_260_7],
    max: [25, 36_863_200],
    nonFinite: 35,
  });
});

test("numbers that are not finite are strings", async () => {
  const data = bytesOf(Float32Array.of(1, Number.NaN, -Infinity, Infinity));
  await folder.write("nan/grads.safetensors", safetensorsFile({ w: { dtype: "F32", shape: [4], data } }));
  const [document] = await norms("nan/grads.safetensors");
  const counts = { nan: 1, posInf: 1, negInf: 1 };
  expect([document?.tensors[0], document?.globals["gradient"]]).toMatchObject([
    { l2: "NaN", linf: "NaN", rms: "NaN", ...counts, firstNonFinite: 1 },
    { l2: "NaN", linf: "NaN", rms: "NaN", ...counts },
  ]);
});

function shard(name: string, ...values: readonly number[]): Uint8Array {
  return safetensorsFile({
    [name]: { dtype: "F32", shape: [values.length], data: bytesOf(Float32Array.from(values)) },
  });
}

test("a sharded index stands for its shards, and a missing one becomes a note", async () => {
  const [first, second, third] = [1, 2, 3].map((n) => `model-0000${n}-of-00003.safetensors`);
  await folder.write(`sharded/${first}`, shard("a", 3));
  await folder.write(`sharded/${second}`, shard("b", 0, 4));
  const index = { metadata: {}, weight_map: { a: first, b: second, c: third } };
  await folder.write("sharded/model.safetensors.index.json", JSON.stringify(index));
  const documents = await norms("sharded/model.safetensors.index.json", "sharded");
  expect(
    documents.map(({ files, tensors, globals, notes }) => [
      files,
      tensors.map(({ name, file }) => [name, file]),
      globals["weight"]?.l2,
      (notes as string[]).length,
    ]),
  ).toEqual(
    ["the index", "the folder"].map(() => [
      [first, second],
      [
        ["a", first],
        ["b", second],
      ],
      5,
      1,
    ]),
  );
});

test.each([
  { args: ["--only", String.raw`h\.1\..*bias$`], names: 12 },
  { args: ["--only", "^lm_head"], names: 2 },
  { args: ["--only", "wte"], names: 2 },
])("$args leave $names of the checkpoint's 82 tensors", async ({ args, names }) => {
  const [document] = await norms(join(EXAMPLE, "checkpoint-200"), ...args);
  expect(document?.tensors.length).toBe(names);
});

test("without --json people get a table", async () => {
  const { code, stdout, stderr } = await gradlens("norms", join(EXAMPLE, "checkpoint-241"), "--only", "^lm_head");
  expect([code, stdout.split("\n").slice(1), stderr]).toEqual([
    0,
    [
      "tensor          kind      dtype  shape  L2 norm  max |x|  NaN or Inf",
      "lm_head.weight  gradient  F32    75×48  2.898    0.9106   0",
      "lm_head.weight  weight    F32    75×48  5.951    0.3845   0",
      "global gradient norm  2.898  (1 tensors)",
      "global weight norm  5.951  (1 tensors)",
      "",
    ],
    "",
  ]);
});

const ALL_HELP = 'Run "gradlens --help" for the commands and their options.';
const HELP = 'Run "gradlens norms --help" for its options.';
const KINDS = "gradient, weight, moment1, moment2, momentum, other";

test.each([
  { args: ["bogus"], line: `unknown command "bogus". ${ALL_HELP}` },
  { args: ["toString"], line: `unknown command "toString". ${ALL_HELP}` },
  { args: ["norms"], line: `no PATH is given. ${HELP}` },
  {
    args: ["norms", "--bogus", "x"],
    line: `Unknown option '--bogus'. To specify a positional argument starting with a '-', place it at the end of the command after '--', as in '-- "--bogus". ${HELP}`,
  },
  {
    args: ["norms", "--only", "(", "x"],
    line: `--only (: Invalid regular expression: /(/u: Unterminated group. ${HELP}`,
  },
  { args: ["norms", "--kind", "x", "x"], line: `--kind x: must be one of ${KINDS}. ${HELP}` },
  { args: ["norms", "--threads=-1", "x"], line: `--threads -1: must be a whole number from 0 to 64. ${HELP}` },
  {
    args: ["norms", "--threads", "-1", "x"],
    line: `Option '--threads' argument is ambiguous. Did you forget to specify the option argument for '--threads'? To specify an option argument starting with a dash use '--threads=-XYZ'. ${HELP}`,
  },
  { args: ["norms", "nowhere"], line: "nowhere: The file is not there. Was it moved or deleted?" },
  { args: ["norms", "empty"], line: "empty: no checkpoint lies in this folder." },
  {
    args: ["norms", "bad.safetensors"],
    line: "bad.safetensors: The file has 3 of 8 bytes. It may still be writing; try again when it is complete.",
  },
  { args: ["log", "nowhere"], line: "nowhere: The file is not there. Was it moved or deleted?" },
  { args: ["log", "empty"], line: "empty: no training log was found in this folder." },
])("gradlens $args exits with 2 and one line", async ({ args, line }) => {
  expect(await gradlens(...args)).toEqual({ code: 2, stdout: "", stderr: `gradlens: ${line}\n` });
});

test("norms say that --only matched nothing", async () => {
  const { code, stderr } = await gradlens("norms", join(EXAMPLE, "checkpoint-241/grads.safetensors"), "--only", "zzz");
  expect([code, stderr]).toEqual([0, expect.stringContaining("no tensor's name matches --only zzz.")]);
});

test("one log that is not there spoils the exit code, not the others", async () => {
  const { code, stdout } = await gradlens("log", "nowhere", join(EXAMPLE, "diverged"), "--json");
  expect([code, JSON.parse(stdout)]).toMatchObject([
    2,
    {
      runs: [{ name: "diverged" }],
      unreadable: [{ path: "nowhere", reason: "nowhere: The file is not there. Was it moved or deleted?" }],
    },
  ]);
});

test.each([["--help"], ["-h"], ["help"], []])("help is asked for with %j", async (...args) => {
  const { code, stdout, stderr } = await gradlens(...args);
  expect([code, stdout.split("\n")[0], stderr]).toEqual([
    0,
    "gradlens: gradient norms of training runs and checkpoints",
    "",
  ]);
});

test("a reader that stops listening, as head does, is no error", async () => {
  const child = spawn(process.execPath, [script, "log", EXAMPLE, "--json", "--values"]);
  let complaints = "";
  child.stderr.on("data", (data: Buffer) => {
    complaints += data.toString();
  });
  const exited = once(child, "exit");
  await once(child.stdout, "data");
  child.stdout.destroy();
  expect([await exited, complaints]).toEqual([[0, null], ""]);
});

test.each([
  { rest: '{"step":2,"grad_norm":2}', points: 2, unreadable: [] },
  { rest: '{"step":2,"grad_no', points: 1, unreadable: [{ line: 2, reason: "The line is not a JSON object." }] },
])("a last line without its newline is read if it is whole: $rest", async ({ rest, points, unreadable }) => {
  await folder.write("unfinished.jsonl", `{"step":1,"grad_norm":1}\n${rest}`);
  const path = join(folder.path, "unfinished.jsonl");
  expect(await log(path)).toMatchObject({
    runs: [{ series: [{ points }] }],
    unreadable: unreadable.map((problem) => ({ path, ...problem })),
  });
});

test("each engine can be asked for by name, and threads of the bundle give the bits of one", async () => {
  const data = bytesOf(Float32Array.of(3, 4, 0.1));
  const many = Array.from({ length: 1500 }, (_, index) => [`t${index}`, { dtype: "F32", shape: [3], data }] as const);
  const path = await folder.write("many.grads.safetensors", safetensorsFile(Object.fromEntries(many)));
  const simd = await norms(path, "--engine", "simd", "--threads", "2");
  const one = await norms(path, "--engine", "simd", "--threads", "1");
  const onnxruntime = await norms(path, "--engine", "onnxruntime", "--threads", "1");
  expect([simd, onnxruntime].map(([document]) => document?.["engine"])).toEqual([
    { name: "simd", device: "cpu", threads: 2, rates: [] },
    { name: "onnxruntime", device: "cpu", threads: 1, rates: [] },
  ]);
  expect(simd[0]?.tensors).toEqual(one[0]?.tensors);
  expect((await gradlens("norms", path, "--engine", "cuda")).stderr).toContain("auto, onnxruntime, simd");
});

test("--full adds L1 norm, mean, zeros and a histogram, and without it they are null", async () => {
  const data = bytesOf(Float32Array.of(3, -4, 0));
  await folder.write("full/grads.safetensors", safetensorsFile({ w: { dtype: "F32", shape: [3], data } }));
  const path = join(folder.path, "full/grads.safetensors");
  const [[full], [plain]] = [await norms(path, "--full"), await norms(path)];
  expect([full?.tensors[0], plain?.tensors[0]]).toMatchObject([
    { l2: 5, l1: 7, mean: -1 / 3, zeros: 1, histogram: { firstExponent: 1, counts: [1, 1] } },
    { l2: 5, l1: null, mean: null, zeros: null, histogram: null },
  ]);
});
