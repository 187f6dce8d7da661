import type * as v from "valibot";
import type { Finding } from "#core/finding.ts";
import { packed } from "#core/packedChunks.ts";
import { fromDashboard, toDashboard } from "#protocol/dashboard.ts";
import { fromWorker, toWorker, workerRequest } from "#protocol/worker.ts";
import { normsProgress, workerAnswers } from "#protocol/workerAnswers.ts";
import { GLOBAL, batch, chunk } from "../support/logs.ts";
import { ENTRY, GLOBALS, NORMS, UNMEASURED } from "./tensorSamples.ts";

const { NaN: nan } = Number;
const FINDING: Finding = {
  rule: "GN101",
  severity: "error",
  tensor: null,
  start: 26,
  peak: 26,
  end: null,
  value: nan,
  limit: Infinity,
  message: "NaN",
  source: { path: "/m.jsonl", line: 27 },
};
const CHECKPOINT = { path: "/run/step1.safetensors", step: null, bytes: 70e9 };
const LOG_BATCH = batch([chunk(GLOBAL, [1, 2], [nan, -Infinity])], {
  clipThreshold: { value: 1, source: "max_grad_norm" },
  problems: [{ line: 0, reason: "no JSON" }],
});
const PACKED_BATCH = packed(LOG_BATCH);
const ENGINE = {
  name: "onnxruntime",
  device: "cpu",
  threads: 2,
  rates: [
    { name: "simd", device: "cpu", bytesPerSecond: 1.5e10 },
    { name: "onnxruntime", device: "webgpu", bytesPerSecond: null, note: "No adapter." },
  ],
};
const NORMS_ANSWER = {
  format: "pytorch",
  files: ["g.pt"],
  bytes: 24,
  tensors: [NORMS],
  unmeasured: [UNMEASURED],
  globals: { gradient: GLOBALS },
  alternatives: [{ takenAs: "momentum", globals: { momentum: GLOBALS } }],
  engine: ENGINE,
  readBytes: 24,
  seconds: 0.5,
  notes: [],
};
const RUN_FILES = {
  folder: "/run",
  logs: [{ path: "/run/m.jsonl", format: "jsonl" }],
  checkpoints: [CHECKPOINT],
  modifiedMs: 1.5,
};
const SERIES = { role: "loss", name: "loss", steps: Float64Array.of(1), values: Float64Array.of(nan) };
const ROW = {
  name: "w",
  last: nan,
  median: null,
  p99: 2,
  share: null,
  nonFinite: 1,
  zeros: 0,
  recent: Float64Array.of(nan),
};
const MARK = {
  ...CHECKPOINT,
  known: {
    format: "safetensors",
    tensors: 2,
    norms: [{ kind: "weight", l2: nan, nonFinite: 1 }],
    gradientNorm: 0.5,
    update: { since: 100, relative: 0.1, perStep: { low: 0.001, high: 0.01 } },
  },
};
const STATE = { findings: [FINDING], checkpoints: [MARK, { ...MARK, known: null }], tensors: [ROW] };
const FURTHER = [
  { name: "grad_norm/critic", isApart: false },
  { name: "val_norm", axis: "epochs", isApart: true },
];
const HEAD = { id: "/run", name: "run", source: "/run/m.jsonl", clipThreshold: null };
const RUN = { ...HEAD, series: [SERIES], furtherNorms: FURTHER, ...STATE };
const CHANGES = {
  findings: { keep: 3, items: [FINDING] },
  checkpoints: { keep: 0, items: [MARK] },
  tensors: {
    count: 2,
    whole: [{ row: 1, ...ROW }],
    grown: Uint32Array.of(0),
    added: Uint8Array.of(1),
    values: Float64Array.of(nan),
    shares: Float32Array.of(nan),
    counted: Uint32Array.of(0, 1, 0),
    quantiles: { from: 0, medians: Float64Array.of(nan), p99s: Float64Array.of(nan) },
  },
};
export const LISTING = {
  format: "safetensors",
  bytes: 24,
  tensors: [ENTRY, ENTRY],
  ties: [[1, 0]],
  notes: ["note"],
  files: ["/g.safetensors"],
};

export interface Wire {
  readonly what: string;
  readonly schema: v.GenericSchema;
  readonly real: readonly unknown[];
  readonly wrong: readonly unknown[];
}

const COLUMN = Float64Array.of(1, 2);

/** Messages that are, and some that are not. */
export const WIRES: readonly Wire[] = [
  {
    what: "a request to the worker",
    schema: workerRequest,
    real: [
      { kind: "discoverRuns", folder: "/run", maxEntries: 100 },
      { kind: "readLog", path: "/m.jsonl", position: null, customPatterns: ["(?<step>1)(?<value>2)"] },
      { kind: "parseLines", text: "a\n", head: "a\n", position: null },
      { kind: "checkPatterns", customPatterns: ["("] },
      { kind: "readLog", path: "/m.jsonl", position: LOG_BATCH.position },
      { kind: "indexCheckpoint", path: "/g.safetensors" },
      { kind: "indexCheckpoint", path: "/g.safetensors", takenAs: "gradient" },
      { kind: "computeNorms", path: "/g.safetensors", threads: 0 },
      { kind: "computeNorms", path: "/dump.pt", threads: 0, takenAs: "gradient", hasAlternatives: true },
      { kind: "computeNorms", path: "/dump.pt", threads: 0, isFull: true, only: "w", cache: "/norms" },
      { kind: "computeSpectrum", path: "/dump.pt", name: "w" },
      { kind: "measureAdam", path: "/dump.pt", threads: 0 },
    ],
    wrong: [
      { kind: "deleteFile", path: "/g.safetensors" },
      { kind: "computeNorms", path: "/g.safetensors", threads: -1 },
      { kind: "computeNorms", path: "/g.safetensors", threads: nan },
      { kind: "computeNorms", path: "/g.safetensors", threads: 0, takenAs: "gradients" },
      { kind: "readLog", path: "/m.jsonl", position: { ...LOG_BATCH.position, format: "pickle" } },
      { kind: "readLog", path: 7, position: null },
      "readLog",
      null,
    ],
  },
  {
    what: "an envelope to the worker",
    schema: toWorker,
    real: [
      { kind: "request", id: 1, request: { kind: "indexCheckpoint", path: "/" } },
      { kind: "cancel", id: 0 },
    ],
    wrong: [
      { kind: "cancel", id: 1.5 },
      { kind: "request", request: {} },
      { kind: "stop", id: 1 },
    ],
  },
  {
    what: "an envelope from the worker",
    schema: fromWorker,
    real: [
      { kind: "answer", id: 1, answer: LISTING },
      { kind: "failure", id: 1, message: "The file is not there." },
      { kind: "cancelled", id: 1 },
      { kind: "progress", id: 1, progress: null },
      { kind: "idle" },
    ],
    wrong: [
      { kind: "failure", id: 1 },
      { kind: "answer", id: -1, answer: 1 },
      { kind: "log", id: 1 },
    ],
  },
  {
    what: "progress of norms",
    schema: normsProgress,
    real: [
      { doneBytes: 0, totalBytes: 24, secondsLeft: null, tensors: [NORMS] },
      { doneBytes: 12, totalBytes: 24, secondsLeft: 0.5, tensors: [] },
    ],
    wrong: [
      { doneBytes: 0, totalBytes: 24, secondsLeft: null, tensors: [{ ...NORMS, l2: null }] },
      { doneBytes: 0.5, totalBytes: 1, secondsLeft: null, tensors: [] },
      { doneBytes: 0, totalBytes: 24, secondsLeft: Infinity, tensors: [] },
      { doneBytes: 0, totalBytes: 24, tensors: [] },
    ],
  },
  {
    what: "an answer to discoverRuns",
    schema: workerAnswers.discoverRuns,
    real: [{ runs: [RUN_FILES], truncated: "time", unreadable: [{ path: "/x", reason: "EACCES" }] }],
    wrong: [
      { runs: [{ ...RUN_FILES, logs: [{ path: "/x", format: "pickle" }] }], truncated: false, unreadable: [] },
      { runs: [RUN_FILES], unreadable: [] },
      { runs: [RUN_FILES], truncated: false },
    ],
  },
  {
    what: "an answer to readLog",
    schema: workerAnswers.readLog,
    real: [PACKED_BATCH],
    wrong: [
      LOG_BATCH,
      { ...PACKED_BATCH, chunks: { ...PACKED_BATCH.chunks, steps: [1, 2] } },
      { ...PACKED_BATCH, chunks: { ...PACKED_BATCH.chunks, steps: Float64Array.of(1) } },
      { ...PACKED_BATCH, chunks: { ...PACKED_BATCH.chunks, kinds: ["accuracy"] } },
      { ...PACKED_BATCH, chunks: { ...PACKED_BATCH.chunks, extras: [{ chunk: 1 }] } },
      { ...PACKED_BATCH, problems: [{ line: -1, reason: "" }] },
    ],
  },
  {
    what: "an answer to indexCheckpoint",
    schema: workerAnswers.indexCheckpoint,
    real: [LISTING],
    wrong: [
      { ...LISTING, tensors: [{ ...ENTRY, dtype: "F33" }] },
      { ...LISTING, bytes: nan },
      { ...LISTING, ties: [[1]] },
    ],
  },
  {
    what: "an answer to computeNorms",
    schema: workerAnswers.computeNorms,
    real: [NORMS_ANSWER, { ...NORMS_ANSWER, globals: {}, alternatives: [] }],
    wrong: [
      { ...NORMS_ANSWER, globals: { gradients: GLOBALS } },
      { ...NORMS_ANSWER, tensors: [{ ...NORMS, kind: "gradients" }] },
    ],
  },
  {
    what: "a message to the dashboard",
    schema: toDashboard,
    real: [
      { kind: "replace", sequence: 1, runs: [{ id: "/run", name: "run" }], run: RUN },
      { kind: "replace", sequence: 1, runs: [], run: null },
      { kind: "append", sequence: 2, series: [SERIES], ...CHANGES },
      { kind: "append", sequence: 2, series: [], ...CHANGES, tensors: { ...CHANGES.tensors, grown: null } },
      { kind: "timeline", answer: { kind: "axis", runId: "/run", name: "time", steps: COLUMN, values: COLUMN } },
      {
        kind: "timeline",
        answer: { kind: "overlay", runId: "/b", token: 1, sent: 2, isWhole: true, steps: COLUMN, values: COLUMN },
      },
    ],
    wrong: [
      { kind: "replace", sequence: 1, runs: [], run: { ...RUN, findings: [{ ...FINDING, rule: "GN999" }] } },
      { kind: "append", sequence: 2, series: [{ ...SERIES, role: "other" }], ...CHANGES },
      { kind: "append", sequence: 2, series: [{ ...SERIES, values: [1] }], ...CHANGES },
      { kind: "append", sequence: 2, series: [SERIES], ...CHANGES, tensors: [ROW] },
      { kind: "timeline", answer: { kind: "axis", runId: "/run", name: "moon", steps: COLUMN, values: COLUMN } },
    ],
  },
  {
    what: "a message from the dashboard",
    schema: fromDashboard,
    real: [
      { kind: "ready" },
      { kind: "selectRun", id: "/run" },
      { kind: "revealStep", step: 240 },
      { kind: "inspectCheckpoint", path: "/g.safetensors" },
      { kind: "openExample" },
      { kind: "followRun" },
      { kind: "insertLogging" },
      { kind: "timeline", request: { kind: "overlay", runId: "/b", token: 0, sent: 0 } },
      { kind: "compare", request: { kind: "compare", otherId: "/b", tolerance: 0.001 } },
    ],
    wrong: [
      { kind: "revealStep", step: nan },
      { kind: "runCommand", command: "x" },
      { kind: "selectRun" },
      { kind: "compare", request: { kind: "compare", otherId: "/b", tolerance: -1 } },
    ],
  },
];
