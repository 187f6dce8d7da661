import { symlink } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestFolder } from "../../support/testFolder.ts";
import type { TestFolder } from "../../support/testFolder.ts";
import { EXAMPLE, buildProgram } from "../../support/build.ts";
import { bytesOf, safetensorsFile } from "../../support/safetensors.ts";
import { runGradlens } from "../program.ts";
import type { Gradlens } from "../program.ts";

let script: string;
let folder: TestFolder;
beforeAll(async () => {
  [script, folder] = await Promise.all([buildProgram("cli"), createTestFolder()]);
  await folder.write("healthy/log.jsonl", logOf({}));
  await folder.write("spiking/log.jsonl", logOf({ 150: 5 }));
  await folder.write("broken/log.jsonl", logOf({ 200: Number.NaN }));
  await folder.write("critic/log.txt", actorAndCritic({ 100: 30, 150: Number.NaN, 151: Number.NaN }));
  await folder.write("clipped/log.jsonl", rawAndClipped({ 150: Number.NaN, 200: Number.NaN }));
  await folder.write("healthy/checkpoint-200/grads.safetensors", gradients([3, 4]));
  await folder.write("nan/grads.safetensors", gradients([Number.NaN, 1, Infinity]));
  await folder.write("zero/grads.safetensors", gradients([0, 0]));
  await folder.write("notes.txt", "nothing of interest");
  await folder.write("lossOnly.jsonl", '{"step":1,"loss":2}\n');
});
afterAll(async () => folder.dispose());

const gradlens: Gradlens = async (...args) => runGradlens(script, folder.path, args);

/** A log of 200 norms that vary by a tenth around 1, and some that are told. */
function logOf(told: Readonly<Record<number, number>>): string {
  return normsOf(told)
    .map((norm, index) => `{"step":${index + 1},"grad_norm":${String(norm)}}\n`)
    .join("");
}

function normsOf(told: Readonly<Record<number, number>>): readonly number[] {
  return Array.from({ length: 200 }, (_, index) => told[index + 1] ?? 1 + 0.1 * Math.sin(12.9898 * (index + 1) ** 2));
}

/** Console lines of verl, whose critic has an optimizer of its own. */
function actorAndCritic(told: Readonly<Record<number, number>>): string {
  return normsOf(told)
    .map((norm, index) => `step:${index + 1} - actor/grad_norm:${1 + 0.01 * (index % 7)} - critic/grad_norm:${norm}\n`)
    .join("");
}

/** MaxText logs the norm before and after clipping. */
function rawAndClipped(told: Readonly<Record<number, number>>): string {
  return normsOf(told)
    .map((norm, index) => {
      const clipped = norm > 1 ? 1 : norm;
      return `{"step":${index},"learning/grad_norm":${String(clipped)},"learning/raw_grad_norm":${String(norm)}}\n`;
    })
    .join("");
}

function gradients(values: readonly number[]): Uint8Array {
  const data = bytesOf(Float32Array.from(values));
  return safetensorsFile({ "h.0.weight": { dtype: "F32", shape: [values.length], data } });
}

interface Found {
  readonly rule: string;
  readonly severity: string;
  readonly start: number | null;
  readonly source: { readonly path: string; readonly line: number | null };
}

async function check(...args: readonly string[]): Promise<{ code: number; found: string[]; findings: Found[] }> {
  const { code, stdout } = await gradlens("check", ...args, "--format", "json");
  const { findings } = JSON.parse(stdout) as { findings: Found[] };
  return { code, found: findings.map(({ rule, severity, start }) => `${rule} ${severity} ${start}`), findings };
}

test("a healthy run beside a log that cannot be read does not pass; a link to nowhere is nothing that could be read", async () => {
  await folder.write("partly/log.jsonl", logOf({}));
  await symlink("nowhere.jsonl", join(folder.path, "partly/link.jsonl"));
  const before = await gradlens("check", "partly");
  await symlink("loop.jsonl", join(folder.path, "partly/loop.jsonl"));
  const after = await Promise.all(["check", "log", "clip"].map(async (command) => gradlens(command, "partly")));
  expect([before.code, before.stderr, ...after.map(({ code }) => code)]).toEqual([0, "", 2, 2, 0]);
  for (const { stderr } of after) {
    expect(stderr).toContain("loop.jsonl could not be looked into: ELOOP");
  }
});

test.each(["text", "json", "sarif"])("a healthy run passes, and %s says nothing of it", async (format) => {
  const { code, stdout, stderr } = await gradlens("check", "healthy", "--format", format);
  const empty = { text: "", json: [], sarif: [] }[format];
  const document =
    format === "text" ? {} : (JSON.parse(stdout) as { findings?: unknown; runs?: { results: unknown }[] });
  expect([code, format === "text" ? stdout : (document.findings ?? document.runs?.[0]?.results), stderr]).toEqual([
    0,
    empty,
    "",
  ]);
});

test("a spike is a warning, which fails only those who say so", async () => {
  const usual = await gradlens("check", "spiking");
  const strict = await check("spiking", "--fail-on", "warning");
  expect([usual.code, usual.stdout.split(": ").slice(0, 2), usual.stderr]).toEqual([
    0,
    [join("spiking", "log.jsonl") + ":150", "warning GN201"],
    "gradlens: 1 warning.\n",
  ]);
  expect([strict.code, strict.found]).toEqual([1, ["GN201 warning 150"]]);
});

test("a run that ends in NaN fails", async () => {
  expect(await check("broken")).toMatchObject({ code: 1, found: ["GN101 error 200"] });
});

test.each([
  { args: ["broken", "--max-nan", "1"], code: 0, found: [] },
  { args: ["broken", "--max-nan", "0"], code: 1, found: ["GN602 error 200", "GN101 error 200"] },
  { args: ["spiking", "--max-norm", "4"], code: 1, found: ["GN601 error 150", "GN201 warning 150"] },
  { args: ["spiking", "--max-norm", "5"], code: 0, found: ["GN201 warning 150"] },
  { args: ["spiking", "--fail-on", "info", "--ignore", "GN201"], code: 0, found: [] },
  { args: ["spiking", "--rule", "gn101,GN203"], code: 0, found: [] },
  { args: ["healthy", "spiking", "--rule", "GN201", "--fail-on", "warning"], code: 1, found: ["GN201 warning 150"] },
  { args: ["critic"], code: 1, found: ["GN201 error 100", "GN101 warning 150"] },
  { args: ["critic", "--rule", "GN101", "--fail-on", "warning"], code: 1, found: ["GN101 warning 150"] },
  { args: ["critic", "--rule", "GN101,GN602", "--max-nan", "2"], code: 0, found: [] },
  {
    args: ["critic", "--rule", "GN101,GN602", "--max-nan", "1"],
    code: 1,
    found: ["GN602 error 150", "GN101 warning 150"],
  },
  { args: ["critic", "--max-norm", "20"], code: 1, found: ["GN601 error 100", "GN201 error 100", "GN101 warning 150"] },
  { args: ["critic", "--fail-on", "info", "--ignore", "GN101:critic/*"], code: 1, found: ["GN201 error 100"] },
  {
    args: ["critic", "--fail-on", "info", "--ignore", "GN201", "--ignore", "GN101:actor/*"],
    code: 1,
    found: ["GN101 warning 150"],
  },
  { args: ["clipped", "--rule", "GN101,GN602"], code: 1, found: ["GN101 warning 149", "GN101 error 199"] },
  { args: ["clipped", "--rule", "GN602", "--max-nan", "0"], code: 1, found: ["GN602 error 149"] },
  { args: ["nan", "--checkpoints", "all"], code: 1, found: ["GN505 error null"] },
  { args: ["nan/grads.safetensors", "--max-nan", "2"], code: 0, found: [] },
  { args: ["nan/grads.safetensors", "--max-nan", "1"], code: 1, found: ["GN602 error null"] },
  { args: ["zero/grads.safetensors"], code: 1, found: ["GN206 error null"] },
  { args: ["healthy/checkpoint-200"], code: 0, found: [] },
  { args: ["healthy", "--max-norm", "4.9"], code: 1, found: ["GN601 error 200"] },
  { args: ["healthy", "--max-norm", "4.9", "--checkpoints", "none"], code: 0, found: [] },
])("check $args exits with $code and finds $found", async ({ args, code, found }) => {
  expect(await check(...args)).toMatchObject({ code, found });
});

test("in SARIF a second norm is named at its line, and its fingerprint is another than the first norm's at the same step", async () => {
  const both = `{"step":1,"a/grad_norm":NaN,"b/grad_norm":NaN}\n`;
  const later = Array.from({ length: 30 }, (_, index) => `{"step":${index + 2},"a/grad_norm":1,"b/grad_norm":NaN}\n`);
  await folder.write("both/log.jsonl", both + later.join(""));
  const { stdout } = await gradlens("check", "both", "--format", "sarif", "--rule", "GN101");
  const { runs } = JSON.parse(stdout) as {
    runs: [{ results: { locations: object[]; partialFingerprints: Record<string, string> }[] }];
  };
  const location = { physicalLocation: { artifactLocation: { uri: "both/log.jsonl" }, region: { startLine: 1 } } };
  expect(runs[0].results.map(({ locations }) => locations)).toEqual([
    [location],
    [{ ...location, logicalLocations: [{ name: "b/grad_norm", kind: "variable" }] }],
  ]);
  const fingerprints = runs[0].results.flatMap(({ partialFingerprints }) => Object.values(partialFingerprints));
  expect(new Set(fingerprints).size).toBe(2);
});

test("the checkpoints of the example are sound, and its diverged run is not", async () => {
  const { code, findings } = await check(EXAMPLE, "--checkpoints", "all");
  expect([code, findings.map(({ rule, severity, source }) => [rule, severity, source])]).toEqual([
    1,
    [
      ["GN201", "warning", { path: join(EXAMPLE, "metrics.jsonl"), line: 242 }],
      ["GN201", "error", { path: join(EXAMPLE, "diverged/metrics.jsonl"), line: 26 }],
      ["GN101", "error", { path: join(EXAMPLE, "diverged/metrics.jsonl"), line: 27 }],
    ],
  ]);
});

const NO_CHECKPOINT = "This is not a checkpoint of a format that Gradlens reads. Nor is it a training log.";

test.each([
  { args: ["nowhere"], line: "nowhere: The file is not there. Was it moved or deleted?" },
  { args: ["notes.txt"], line: `notes.txt: ${NO_CHECKPOINT}` },
  { args: ["lossOnly.jsonl"], line: "lossOnly.jsonl: no gradient norm is logged here; there is nothing to judge." },
  { args: ["healthy", "nowhere"], line: "nowhere: The file is not there. Was it moved or deleted?" },
])("check $args exits with 2 and one line", async ({ args, line }) => {
  expect(await gradlens("check", ...args)).toEqual({ code: 2, stdout: "", stderr: `gradlens: ${line}\n` });
});

test("what cannot be read does not hide what was found", async () => {
  const { code, stdout } = await gradlens("check", "nowhere", "broken", "--format", "json");
  expect([code, JSON.parse(stdout)]).toMatchObject([
    2,
    {
      schema: "gradlens/check@1",
      findings: [{ rule: "GN101" }],
      unreadable: [{ path: "nowhere", reason: "nowhere: The file is not there. Was it moved or deleted?" }],
    },
  ]);
});

test("a configuration above the path holds, and what the command line says goes before it", async () => {
  const check4 = { failOn: "warning", maxNorm: 4 };
  const ignore = [{ rule: "GN201", path: "runs/old/**" }];
  await folder.write(
    "project/gradlens.config.json",
    JSON.stringify({ check: check4, ignore, rules: { GN601: false } }),
  );
  await folder.write("project/runs/new/log.jsonl", logOf({ 150: 5 }));
  await folder.write("project/runs/old/log.jsonl", logOf({ 150: 5 }));
  const whole = await check("project/runs");
  const given = await check("project/runs", "--fail-on", "error", "--rule", "GN601");
  const other = await folder.write("other.json", JSON.stringify({ rules: { GN201: false } }));
  const explicit = await check("project/runs", "--config", other);
  expect([whole, given, explicit]).toMatchObject([
    { code: 1, found: ["GN201 warning 150"] },
    { code: 1, found: ["GN601 error 150", "GN601 error 150"] },
    { code: 0, found: [] },
  ]);
});

test("a configuration with a mistake is told, and nothing is judged", async () => {
  const path = await folder.write("mistaken/gradlens.config.json", '{"rules":{"GN999":false}}');
  await folder.write("mistaken/log.jsonl", logOf({}));
  expect(await gradlens("check", "mistaken")).toEqual({
    code: 2,
    stdout: "",
    stderr: `gradlens: ${path}: rules.GN999: there is no rule "GN999".\n`,
  });
});

test("names from files cannot command the terminal", async () => {
  const data = bytesOf(Float32Array.of(Number.NaN));
  const name = "a\u001B[2Jb";
  await folder.write("hostile/grads.safetensors", safetensorsFile({ [name]: { dtype: "F32", shape: [1], data } }));
  const { stdout } = await gradlens("check", "hostile");
  expect([stdout.includes("\u001B"), stdout.includes("a\uFFFD[2Jb")]).toEqual([false, true]);
});
