import process from "node:process";
import { timeLimitMs } from "./limits.ts";
import type { Target } from "./target.ts";

export type Execution =
  | { readonly kind: "kept"; readonly outcome: string }
  | { readonly kind: "broken"; readonly promise: "throws" | "time"; readonly what: string };

/** Runs one input. A time that looks too long is measured again: the first run may have had code to compile. */
export async function execute(target: Target, input: Uint8Array): Promise<Execution> {
  const first = await measured(target, input);
  if (typeof first.outcome !== "string") {
    return { kind: "broken", promise: "throws", what: describe(first.outcome.error) };
  }
  const limit = timeLimitMs(input.length);
  for (let { milliseconds } = first, tries = 0; milliseconds > limit; tries += 1) {
    if (tries === MAX_TRIES) {
      return { kind: "broken", promise: "time", what: `${milliseconds.toFixed(0)} ms for ${input.length} bytes` };
    }
    ({ milliseconds } = await measured(target, input));
  }
  return { kind: "kept", outcome: first.outcome };
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

/** The error and the functions it came through, without places, so that equal ones are one finding. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) {
    return `threw ${String(error)}`;
  }
  const frames = (error.stack ?? "").split("\n").filter((line) => line.startsWith("    at "));
  const names = frames.map((line) => /at (?:async )?(\S+) \(/.exec(line)?.[1] ?? "anonymous").slice(0, 6);
  return `${error.name}: ${error.message.slice(0, 200)} in ${names.join(" < ")}`;
}
