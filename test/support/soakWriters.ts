import { appendFileSync, existsSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Random } from "./random.ts";
import { eventRecord, scalar, VERSION_RECORD } from "./tfEvents.ts";
import { megatronLine } from "./trainerLogs.ts";

/** A sample as it must be found again. */
export type Row = readonly [step: number, value: number];

/** A training that writes one log, or several that follow each other. */
export interface SoakWriter {
  /** One append of any length: a few records, or a part of one. True when files came or went. */
  readonly append: () => boolean;
  /** What is on the disk in whole records, by path. */
  readonly onDisk: ReadonlyMap<string, readonly Row[]>;
}

interface Place {
  readonly folder: string;
  readonly random: Random;
}

interface Kind {
  readonly name: string;
  readonly head: Uint8Array;
  readonly record: (row: Row) => Uint8Array;
  /** What happens now and then instead of an append, and how often: once in so many appends. */
  readonly change: "rewritten" | "rotated" | "continued";
  readonly every: number;
}

const NO_HEAD = new Uint8Array();

/** Rows of JSON, in a file that is truncated or replaced when the training starts over. */
export function jsonWriter(place: Place): SoakWriter {
  return createWriter(place, {
    name: "metrics.jsonl",
    head: NO_HEAD,
    record: jsonRow,
    change: "rewritten",
    every: 1500,
  });
}

/** Megatron's lines, in a file that logrotate moves away. */
export function rotatedWriter(place: Place): SoakWriter {
  return createWriter(place, { name: "train.log", head: NO_HEAD, record: megatronRow, change: "rotated", every: 800 });
}

/** TensorBoard's events, in a new file whenever the training is resumed. */
export function eventWriter(place: Place): SoakWriter {
  const kind = { name: eventsName(0), head: VERSION_RECORD, record: eventRow };
  return createWriter(place, { ...kind, change: "continued", every: 1000 });
}

function jsonRow([step, value]: Row): Buffer {
  return Buffer.from(`{"step": ${step}, "grad_norm": ${value}}\n`);
}

function megatronRow([step, value]: Row): Buffer {
  return Buffer.from(`${megatronLine(step, { norm: value })}\n`);
}

function eventRow([step, value]: Row): Buffer {
  return eventRecord({ step }, scalar("grad_norm", value));
}

function eventsName(place: number): string {
  return `events.out.tfevents.${1_700_000_000 + place * 1000}.host.1.${place}`;
}

// Logs that are older are deleted, so that the disk and the memory of whoever reads it stay the same.
const MAX_ROTATED = 3;
const MAX_RECORDS = 4;
const RESUME_EVERY = 700;

function createWriter({ folder, random }: Place, kind: Kind): SoakWriter {
  const onDisk = new Map<string, Row[]>();
  let path = join(folder, kind.name);
  let step = 0;
  let files = 0;
  let unwritten: Uint8Array = new Uint8Array();
  let unfinished: Row[] = [];
  const startFile = (at: string): void => {
    path = at;
    writeFileSync(path, kind.head);
    onDisk.set(path, []);
    [unwritten, unfinished] = [new Uint8Array(), []];
  };
  startFile(path);

  /** Bytes of new records, of which the last may be cut: its rest is written by the next append. */
  function appendRecords(): void {
    const rows = Array.from({ length: 1 + random.below(MAX_RECORDS) }, (): Row => {
      step = random.below(RESUME_EVERY) === 0 ? Math.max(1, step - random.below(50)) : step + 1;
      return [step, (1 + random.below(8000)) / 8]; // With three decimals at most, which all of the formats print.
    });
    const bytes = Buffer.concat([unwritten, ...rows.map(kind.record)]);
    const last = rows.slice(-1);
    const lastBytes = kind.record(last[0] ?? [0, 0]).length;
    const cut = random.below(3) === 0 ? random.below(lastBytes) : 0;
    appendFileSync(path, bytes.subarray(0, bytes.length - cut));
    onDisk.get(path)?.push(...unfinished, ...(cut === 0 ? rows : rows.slice(0, -1)));
    unwritten = bytes.subarray(bytes.length - cut);
    unfinished = cut === 0 ? [] : last;
  }

  /** Between two names for the same file. */
  function move(from: string, to: string): void {
    renameSync(from, to);
    onDisk.set(to, onDisk.get(from) ?? []);
    onDisk.delete(from);
  }

  function remove(old: string): void {
    rmSync(old, { force: true });
    onDisk.delete(old);
  }

  function rewrite(): void {
    step = 0;
    if (random.below(2) === 0) {
      startFile(path); // Truncated in place.
      return;
    }
    const aside = `${path}.tmp`;
    writeFileSync(aside, kind.head);
    renameSync(aside, path);
    onDisk.set(path, []);
    [unwritten, unfinished] = [new Uint8Array(), []];
  }

  function finishRecord(): void {
    appendFileSync(path, unwritten);
    onDisk.get(path)?.push(...unfinished);
  }

  function rotate(): void {
    finishRecord();
    remove(`${path}.${MAX_ROTATED}`);
    for (let place = MAX_ROTATED - 1; place >= 1; place -= 1) {
      if (existsSync(`${path}.${place}`)) {
        move(`${path}.${place}`, `${path}.${place + 1}`);
      }
    }
    move(path, `${path}.1`);
    startFile(path);
  }

  function goOnInNewFile(): void {
    finishRecord();
    files += 1;
    remove(join(folder, eventsName(files - MAX_ROTATED)));
    step = Math.max(0, step - random.below(100));
    startFile(join(folder, eventsName(files)));
  }

  const changes = { rewritten: rewrite, rotated: rotate, continued: goOnInNewFile };
  return {
    append() {
      const isChanged = random.below(kind.every) === 0;
      if (isChanged) {
        changes[kind.change]();
      }
      appendRecords();
      return isChanged;
    },
    onDisk,
  };
}
