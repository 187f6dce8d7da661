import { appendFileSync, rmSync } from "node:fs";
import { eventRecord, histogram, scalar, VERSION_RECORD } from "../test/support/tfEvents.ts";
import { megatronLine } from "../test/support/trainerLogs.ts";
import { consoleRecord, fragmentsOf, historyRecord, WANDB_HEADER } from "../test/support/wandb.ts";

export interface BenchLog {
  readonly title: string;
  /** File name, which also chooses the log on the command line. */
  readonly name: string;
  readonly make: (path: string, bytes: number) => void;
}

export const JSON_LINES: BenchLog = {
  title: "JSON Lines, four numbers a row",
  name: "rows.jsonl",
  make: (path, bytes) => write(path, bytes, { head: Buffer.alloc(0), record: jsonRow }),
};

export const MEGATRON: BenchLog = {
  title: "Megatron-LM's lines",
  name: "megatron.log",
  make: (path, bytes) => write(path, bytes, { head: Buffer.alloc(0), record: megatronRow }),
};

export const LOG_FILES: readonly BenchLog[] = [
  JSON_LINES,
  MEGATRON,
  {
    title: "TensorBoard, a scalar per event",
    name: "scalars.tfevents",
    make: (path, bytes) => write(path, bytes, { head: VERSION_RECORD, record: scalarEvent }),
  },
  {
    title: "TensorBoard, 150 tensors' norms per step",
    name: "tensors.tfevents",
    make: (path, bytes) => write(path, bytes, { head: VERSION_RECORD, record: tensorEvent }),
  },
  {
    title: "TensorBoard, histograms of 150 tensors",
    name: "histograms.tfevents",
    make: (path, bytes) => write(path, bytes, { head: VERSION_RECORD, record: histogramEvent }),
  },
  {
    title: "Weights & Biases, rows of 12 values and the console",
    name: "rows.wandb",
    make: (path, bytes) => write(path, bytes, { head: WANDB_HEADER, record: wandbRecord }),
  },
  {
    title: "Weights & Biases, 150 tensors' norms per row",
    name: "tensors.wandb",
    make: (path, bytes) => write(path, bytes, { head: WANDB_HEADER, record: wandbTensors }),
  },
];

/** Between 0 and 1, never the same twice in a row. */
function noise(index: number): number {
  return (index * 0.618_033_988_749_895) % 1;
}

function jsonRow(index: number): Buffer {
  const values = { loss: 2 + noise(index), grad_norm: noise(index + 3), lr: 1e-4 * noise(index + 7) };
  return Buffer.from(`${JSON.stringify({ step: index + 1, ...values })}\n`);
}

function megatronRow(index: number): Buffer {
  return Buffer.from(`${megatronLine(index + 1, { loss: 7 * noise(index), norm: 6 * noise(index + 3) })}\n`);
}

const TAGS = ["train/loss", "train/grad_norm", "train/learning_rate", "train/epoch"];
const TENSORS = 150;

function scalarEvent(index: number): Buffer {
  return eventRecord(
    { step: Math.floor(index / TAGS.length) },
    scalar(TAGS[index % TAGS.length] ?? "", 1 / (index + 1)),
  );
}

function tensorEvent(index: number): Buffer {
  const tag = `grad_norm/model.layers.${index % TENSORS}.self_attn.q_proj.weight`;
  return eventRecord({ step: Math.floor(index / TENSORS) }, scalar(tag, 1 / (index + 1)));
}

function histogramEvent(index: number): Buffer {
  const tag = `gradients/model.layers.${index % TENSORS}.self_attn.q_proj.weight`;
  return eventRecord({ step: Math.floor(index / TENSORS) }, histogram(tag, [index, 2, 3]));
}

/** A row, then what the trainer prints of it. */
function wandbRecord(index: number, at: number): Buffer {
  const step = index >> 1;
  const values = Array.from({ length: 12 }, (_, key) => [`train/metric_${key}`, String(1 / (step + key + 1))] as const);
  const record =
    index % 2 === 0
      ? historyRecord(step, [...values, ["train/global_step", String(step + 1)]])
      : consoleRecord(`{'loss': ${1 / index}, 'grad_norm': 1.25, 'learning_rate': 5e-05, 'epoch': 0.03}\n`);
  return fragmentsOf(record, at);
}

function wandbTensors(index: number, at: number): Buffer {
  const values = Array.from({ length: TENSORS }, (_, tensor) => {
    return [`grad_norm/model.layers.${tensor}.self_attn.q_proj.weight`, String(1 / (index + tensor + 1))] as const;
  });
  return fragmentsOf(historyRecord(index, values), at);
}

interface Plan {
  readonly head: Uint8Array;
  /** A record, given its number and at which byte of the file it begins. */
  readonly record: (index: number, at: number) => Uint8Array;
}

// Files are made of pieces of this size, so that making them takes little memory.
const PIECE_BYTES = 4_000_000;

function write(path: string, bytes: number, { head, record }: Plan): void {
  rmSync(path, { force: true });
  let pieces: Uint8Array[] = [head];
  let [pending, written] = [head.length, 0];
  for (let index = 0; written < bytes; index += 1) {
    const next = record(index, written + pending);
    pieces.push(next);
    pending += next.length;
    if (pending >= PIECE_BYTES) {
      appendFileSync(path, Buffer.concat(pieces));
      written += pending;
      [pieces, pending] = [[], 0];
    }
  }
}
