import process from "node:process";
import { timeLimitMs } from "./limits.ts";
import type { Target } from "./target.ts";

export type Execution =
  | { readonly kind: "kept"; readonly outcome: string }
  | { readonly kind: "broken"; readonly promise: "throws" | "time"; readonly what: string };

/** Runs one input. A time that looks too long is measured again: the first run may have had code to compile. */
export async function execute(target: Target, input: Uint8Array): Promise<Execution> {
  const start = performance.now();
  const outcome = await outcomeOf(target, input);
  if (typeof outcome !== "string") {
    return { kind: "broken", promise: "throws", what: describe(await errorWithStack(target, input)) };
  }
  // The clock never shows less than the thread's own time, and is asked faster.
  let milliseconds = performance.now() - start;
  for (let tries = 0; milliseconds > timeLimitMs(input.length); tries += 1) {
    if (tries === MAX_TRIES) {
      return { kind: "broken", promise: "time", what: `${milliseconds.toFixed(0)} ms for ${input.length} bytes` };
    }
    ({ milliseconds } = await measured(target, input));
  }
  return { kind: "kept", outcome };
}

const MAX_TRIES = 3;

interface Measured {
  readonly outcome: string | { readonly error: unknown };
  /** Of this thread: on a machine with other work nothing else tells how long an input takes. */
  readonly milliseconds: number;
}

export async function measured(target: Target, input: Uint8Array): Promise<Measured> {
  const start = process.threadCpuUsage();
  const outcome = await outcomeOf(target, input);
  const { user, system } = process.threadCpuUsage(start);
  return { outcome, milliseconds: (user + system) / 1000 };
}

async function outcomeOf(target: Target, input: Uint8Array): Promise<Measured["outcome"]> {
  try {
    return await target.run(input);
  } catch (error) {
    return { error };
  }
}

/** Of another run: the thread may have switched stacks off. */
async function errorWithStack(target: Target, input: Uint8Array): Promise<unknown> {
  const before = Error.stackTraceLimit;
  Error.stackTraceLimit = FRAMES;
  const again = await outcomeOf(target, input);
  Error.stackTraceLimit = before;
  return typeof again === "string" ? new Error("it threw once, but not again") : again.error;
}

const FRAMES = 8;

/** The error and the functions it came through, without places, so that equal ones are one finding. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) {
    return `threw ${String(error)}`;
  }
  const frames = (error.stack ?? "").split("\n").filter((line) => line.startsWith("    at "));
  const names = frames.map((line) => /at (?:async )?(\S+) \(/.exec(line)?.[1] ?? "anonymous").slice(0, 6);
  return `${error.name}: ${error.message.slice(0, 200)} in ${names.join(" < ")}`;
}
