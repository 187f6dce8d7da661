// How fast logs are read: `node bench/logRates.ts [MB]`. Seconds are those of the processor, so that a busy machine
// does not show; the best of several rounds counts.
import { readerFor } from "#readers/logs/readers.ts";
import type { TextReader } from "#readers/logs/reader.ts";
import type { LogFormat } from "#core/log.ts";

const MEGABYTES = Number(process.argv[2] ?? 200);
const ROUNDS = 12;
const BATCH_BYTES = 8_000_000;

let seed = 1;
function random(): number {
  seed = (seed * 48_271) % 2_147_483_647;
  return seed / 2_147_483_647;
}

function jsonRow(step: number): string {
  return JSON.stringify({ step, loss: 2 + random(), grad_norm: random(), lr: 1e-4 * random() });
}

function scientific(value: number): string {
  return value.toExponential(6).toUpperCase();
}

function megatronLine(step: number): string {
  return [
    ` [2025-10-11 18:11:22] iteration ${String(step).padStart(8)}/  500000`,
    `consumed samples: ${String(step * 4).padStart(12)}`,
    `elapsed time per iteration (ms): ${(170 + random() * 10).toFixed(1)}`,
    `learning rate: ${scientific(1e-5 * random())}`,
    "global batch size:     1",
    `lm loss: ${scientific(7 * random())}`,
    "loss scale: 1.0",
    `grad norm: ${(6 * random()).toFixed(3)}`,
    "number of skipped iterations:   0",
    "number of nan iterations:   0 |",
  ].join(" | ");
}

function writeLog(lineOf: (step: number) => string): Buffer {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for (let step = 0; bytes < MEGABYTES * 1e6;) {
    const lines = Array.from({ length: 10_000 }, () => `${lineOf((step += 1))}\n`);
    const piece = Buffer.from(lines.join(""));
    pieces.push(piece);
    bytes += piece.length;
  }
  return Buffer.concat(pieces);
}

/** As the worker reads a log: batch after batch, decoded and parsed. */
function readAll(reader: TextReader | null, bytes: Buffer): number {
  let carry = "";
  let samples = 0;
  for (let start = 0; start < bytes.length;) {
    const end = bytes.lastIndexOf("\n", Math.min(start + BATCH_BYTES, bytes.length) - 1) + 1;
    const text = bytes.subarray(start, end).toString();
    const parsed = reader?.parse(text, { firstLine: 0, carry });
    carry = parsed?.carry ?? "";
    samples += parsed?.chunks.reduce((sum, { steps }) => sum + steps.length, 0) ?? 0;
    start = end;
  }
  return samples;
}

function bestSeconds(work: () => number): { readonly seconds: number; readonly samples: number } {
  let seconds = Infinity;
  let samples = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const before = process.cpuUsage();
    samples = work();
    const { user, system } = process.cpuUsage(before);
    seconds = Math.min(seconds, (user + system) / 1e6);
  }
  return { seconds, samples };
}

function textReader(format: LogFormat): TextReader {
  const reader = readerFor(format);
  if (reader.growth === "byLines" || reader.growth === "byReplacement") {
    return reader;
  }
  throw new Error(`${format} is no text.`);
}

const logs = [
  { what: "JSONL", format: "jsonl", lineOf: jsonRow },
  { what: "Megatron", format: "megatron", lineOf: megatronLine },
] as const;

for (const { what, format, lineOf } of logs) {
  const bytes = writeLog(lineOf);
  const decoding = bestSeconds(() => readAll(null, bytes));
  const { seconds, samples } = bestSeconds(() => readAll(textReader(format), bytes));
  const rate = (took: number): string => `${(bytes.length / 1e6 / took).toFixed(0)} MB/s`;
  console.log(`${what}: ${rate(seconds)}, ${samples} samples; decoding alone ${rate(decoding.seconds)}`);
}
