import { closeSync, mkdirSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import type { LogBatch } from "#core/log.ts";
import { createRunStore } from "#store/runStore.ts";
import { eventRecord, scalar, VERSION_RECORD } from "../tfEvents.ts";
import { megatronLine } from "../trainerLogs.ts";
import { follow } from "./follow.ts";
import { heldMebibytes, type LoadTable, residentMebibytes, riseOf } from "./loadPart.ts";

const LOGS = 50;
const APPENDS_PER_SECOND = 2000;
const SECONDS = 3600;
// Few enough that the oldest are coarsened from early on, so that memory must be flat.
const MAX_SAMPLES = 20_000;
const ROWS = 12;

interface Kind {
  readonly name: string;
  readonly head: string | Uint8Array;
  readonly record: (step: number) => string | Uint8Array;
}

/** A value that tells its step, and has three decimals. */
function valueAt(step: number): number {
  return 1 + (step % 8000) / 8;
}

const KINDS: readonly Kind[] = [
  { name: "metrics.jsonl", head: "", record: (step) => `{"step": ${step}, "grad_norm": ${valueAt(step)}}\n` },
  { name: "train.log", head: "", record: (step) => `${megatronLine(step, { norm: valueAt(step) })}\n` },
  {
    name: "events.out.tfevents.1700000000.host.1.0",
    head: VERSION_RECORD,
    record: (step) => eventRecord({ step }, scalar("grad_norm", valueAt(step))),
  },
];

/** An hour of appends, one for each 40th of a second and log, with a poll of every run after each second's worth. */
export async function appendForAnHour(root: string, seconds = SECONDS): Promise<LoadTable> {
  const store = createRunStore(() => MAX_SAMPLES);
  const failures: unknown[] = [];
  const logs = Array.from({ length: LOGS }, (_, at) => {
    const kind = KINDS[at % KINDS.length] ?? { name: "", head: "", record: () => "" };
    const folder = join(root, `run${at}`);
    mkdirSync(folder);
    const path = join(folder, kind.name);
    const file = openSync(path, "a");
    writeSync(file, Buffer.from(kind.head));
    const check = createCheck(path);
    const followed = follow(folder, { store, onBatch: check.take, onError: (error) => failures.push(error) });
    return { ...kind, folder, path, file, check, followed };
  });
  const memory: { resident: number; held: number }[] = [];
  const rows: (string | number)[][] = [];
  let step = 0;
  try {
    for (let second = 1; second <= seconds; second += 1) {
      for (let append = 0; append < APPENDS_PER_SECOND / LOGS; append += 1) {
        step += 1;
        logs.forEach(({ file, record }) => writeSync(file, Buffer.from(record(step))));
      }
      logs.forEach(({ followed }) => followed.notice(second === 1 ? "entries" : "content"));
      await setImmediate();
      if (second % Math.ceil(seconds / ROWS) === 0 || second === seconds) {
        const lagMs = await untilRead(logs, step, failures);
        const [resident, held] = [residentMebibytes(), heldMebibytes()];
        memory.push({ resident, held });
        rows.push([
          second,
          step * LOGS,
          `${lagMs.toFixed(0)} ms`,
          `${held.toFixed(0)} MiB`,
          `${resident.toFixed(0)} MiB`,
        ]);
      }
    }
    const counted = logs.map(({ folder }) => store.get(folder)?.series()[0]?.count() ?? 0);
    if (counted.some((count) => count !== step)) {
      throw new Error(`A store counts ${Math.min(...counted)} to ${Math.max(...counted)} samples of ${step}.`);
    }
  } finally {
    logs.forEach(({ followed, file }) => {
      followed.dispose();
      closeSync(file);
    });
  }
  const [rise, residentRise] = [memory.map(({ held }) => held), memory.map(({ resident }) => resident)].map(riseOf);
  return {
    columns: ["second", "appends", "behind by", "held", "resident"],
    rows,
    summary: `Of ${step * LOGS} numbered appends each was read once and in order. In the second half what is held rose by ${rise?.toFixed(1)} MiB, what is resident by ${residentRise?.toFixed(1)} MiB.`,
  };
}

interface Check {
  readonly take: (path: string, batch: LogBatch) => void;
  readonly last: () => number;
}

/** Sees to it that steps come one after the other, each with its own value. */
function createCheck(path: string): Check {
  let last = 0;
  return {
    take(_, { chunks, restarted }) {
      const norms = chunks.find(({ kind }) => kind === "globalNorm");
      norms?.steps.forEach((step, at) => {
        if (restarted || step !== last + 1 || norms.values[at] !== valueAt(step)) {
          throw new Error(`${path}: step ${step} follows on ${last}, with ${norms.values[at]}.`);
        }
        last = step;
      });
    },
    last: () => last,
  };
}

const LONGEST_LAG_MS = 60_000;

/** Waits until all logs are read to a step; how long that took. */
async function untilRead(
  logs: readonly {
    readonly check: Check;
    readonly path: string;
    readonly followed: { notice: (what: "content") => void };
  }[],
  step: number,
  failures: readonly unknown[],
): Promise<number> {
  const startMs = performance.now();
  for (;;) {
    const behind = logs.find(({ check }) => check.last() !== step);
    const tookMs = performance.now() - startMs;
    if (failures.length > 0) {
      throw failures[0];
    }
    if (behind === undefined) {
      return tookMs;
    }
    if (tookMs > LONGEST_LAG_MS) {
      throw new Error(`${behind.path} was read to step ${behind.check.last()} of ${step}.`);
    }
    logs.forEach(({ followed }) => followed.notice("content"));
    for (let turn = 0; turn < 50; turn += 1) {
      await setImmediate();
    }
  }
}
