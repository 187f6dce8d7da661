import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { EngineRate } from "#core/device.ts";
import { describeEngine, describeRate, explainChoice } from "#host/report/engineText.ts";
import { parseManifest } from "#host/manifest.ts";
import { remoteKind, withoutPlaces } from "#host/report/privacy.ts";
import { describeReport, factsOf } from "#host/report/reportText.ts";
import type { ReportFacts } from "#host/report/reportText.ts";
import { createRun } from "#store/run.ts";
import { GLOBAL, RATE, batch, chunk } from "../../support/logs.ts";

const SIMD: EngineRate = { name: "simd", device: "cpu", bytesPerSecond: 15.24e9 };
const ONNX: EngineRate = { name: "onnxruntime", device: "cpu", bytesPerSecond: 2.4e9 };
const GPU: EngineRate = { name: "onnxruntime", device: "webgpu", bytesPerSecond: 14e9 };
const BROKEN: EngineRate = { name: "onnxruntime", device: "cuda", bytesPerSecond: null, note: "No CUDA <12>." };
const PERSON = { home: String.raw`C:\Users\Ada King`, user: "Ada King" };

const HEALTHY: ReportFacts = {
  versions: [
    ["Gradlens", "0.1.0"],
    ["Platform", "linux x64"],
  ],
  engines: { chosen: SIMD, rates: [SIMD, ONNX, BROKEN] },
  worker: { isRunning: true, restarts: 0, lastCrash: null },
  settings: [],
  runs: [],
  nowMs: 90_000,
  person: PERSON,
};

const UNWELL: ReportFacts = {
  ...HEALTHY,
  engines: String.raw`The compute worker stopped (spawn C:\Users\Ada King\code\node.exe ENOENT). Nothing is lost; try again.`,
  worker: { isRunning: false, restarts: 2, lastCrash: { reason: "SIGSEGV", atMs: 48_600 } },
  settings: [
    { name: "gradlens.compute.engine", value: "onnxruntime" },
    { name: "gradlens.runs.additionalFolders", value: ["/data/secret project/runs", "a|b"] },
  ],
  runs: [
    {
      logs: ["jsonl", "csv"],
      series: 3,
      points: 1200,
      checkpoints: 2,
      computed: 1,
      findings: ["GN201", "GN101", "GN201"],
    },
    { logs: [], series: 0, points: 0, checkpoints: 4, computed: 4, findings: [] },
  ],
};

test.each([
  { what: "a machine on which all is well", facts: HEALTHY },
  { what: "a machine whose worker fails", facts: UNWELL },
])("the report of $what", ({ facts }) => {
  expect(describeReport(facts)).toMatchSnapshot();
});

test("a run is told by its numbers: every series once, and the points of all", () => {
  const run = createRun("/home/ada/secret");
  run.setFiles({
    folder: run.id,
    logs: [],
    checkpoints: [{ path: "/home/ada/secret/a.safetensors", step: 1, bytes: 8 }],
    modifiedMs: 0,
  });
  run.append({ path: "/home/ada/secret/m.jsonl", format: "jsonl" }, batch([chunk(GLOBAL, [1, 2], [3, Number.NaN])]));
  run.append(
    { path: "/home/ada/secret/m.csv", format: "csv" },
    batch([chunk(GLOBAL, [1], [3]), chunk(RATE, [1], [0])]),
  );
  expect(factsOf(run, [])).toEqual({
    logs: ["jsonl", "csv"],
    series: 2,
    points: 3,
    checkpoints: 1,
    computed: 0,
    findings: [],
  });
});

test.each([
  { text: "/home/ada/x/worker.cjs: It ended.", kept: "worker.cjs: It ended." },
  { text: "spawn /home/ada ENOENT", kept: "spawn ~ ENOENT" },
  { text: "spawn /srv/ada/bin/node ENOENT", kept: "spawn … ENOENT" },
  { text: 'Cannot open "/mnt/my disk/model.pt".', kept: 'Cannot open "model.pt".' },
  { text: "It's '/mnt/my disk/x y' or \"/a\".", kept: "It's '…' or \"…\"." },
  { text: String.raw`C:\Work\a\b.dll, D:/x/c.node:12:5`, kept: "b.dll, c.node:12:5" },
  { text: String.raw`\\server\share\run.csv`, kept: "run.csv" },
  { text: "file:///srv/a%20b/c.js (../d/e.js)", kept: "c.js (e.js)" },
  { text: "ada@host, /srv/ada, adaptive", kept: "user@host, …, adaptive" },
  { text: "/srv/ada/run/m.safetensors：文件已损坏。", kept: "m.safetensors：文件已损坏。" },
  { text: "“/srv/my runs/m.safetensors”不在", kept: "“m.safetensors”不在" },
  { text: "15.2 GB/s and/or 3/4 at 1.5", kept: "15.2 GB/s and/or 3/4 at 1.5" },
])("in public, $text is $kept", ({ text, kept }) => {
  expect(withoutPlaces(text, { home: "/home/ada", user: "ada" })).toBe(kept);
});

test.each([
  { remoteName: undefined, kind: "none" },
  { remoteName: "ssh-remote", kind: "ssh-remote" },
  { remoteName: "training.example.com:8080", kind: "other" },
])("a window on $remoteName has the remote kind $kind", ({ remoteName, kind }) => {
  expect(remoteKind(remoteName)).toBe(kind);
});

test("a home with a space in its name goes as a whole, and a machine without names loses nothing", () => {
  const text = String.raw`C:\Users\Ada King\code\worker.cjs: a / b`;
  expect([withoutPlaces(text, PERSON), withoutPlaces("a / b ~", { home: "/", user: "" })]).toEqual([
    "worker.cjs: a / b",
    "a / b ~",
  ]);
});

test.each([
  { what: "the fastest", report: { chosen: SIMD, rates: [ONNX, SIMD, GPU] } },
  { what: "a GPU that is almost as fast", report: { chosen: GPU, rates: [SIMD, ONNX, GPU] } },
  { what: "the only one", report: { chosen: ONNX, rates: [ONNX, BROKEN] } },
  { what: "the last resort", report: { chosen: { name: "script", device: "cpu" }, rates: [BROKEN] } },
] as const)("why `auto` takes $what", ({ report }) => {
  expect(explainChoice(report)).toMatchSnapshot();
});

test("an engine is told with its threads, a rate with its unit, a missing one with its reason", () => {
  const { bytesPerSecond, ...silent } = { ...BROKEN, note: "" };
  expect([
    describeEngine({ name: "simd", device: "cpu", threads: 2, rates: [] }),
    describeEngine({ name: "onnxruntime", device: "webgpu", threads: 1, rates: [] }),
    describeRate(SIMD),
    describeRate(BROKEN),
    describeRate({ ...silent, bytesPerSecond }),
  ]).toEqual([
    "simd, cpu, 2 threads",
    "onnxruntime, webgpu, 1 thread",
    "simd on cpu: 15.2 GB/s",
    "onnxruntime on cuda: not measured. No CUDA <12>.",
    "onnxruntime on cuda: not measured.",
  ]);
});

test("the manifest tells the version and every setting; one that is none tells nothing", async () => {
  const manifest: unknown = JSON.parse(await readFile(join(import.meta.dirname, "../../../package.json"), "utf8"));
  const { version, settings } = parseManifest(manifest);
  expect([/^\d+\.\d+\.\d+$/.test(version), settings.includes("gradlens.compute.threads")]).toEqual([true, true]);
  expect([settings.filter((name) => !name.startsWith("gradlens.")), settings.length > 5]).toEqual([[], true]);
  expect(parseManifest(null)).toEqual({ version: "unknown", settings: [] });
});
