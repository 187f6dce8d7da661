import { parentPort, workerData } from "node:worker_threads";
import { explore } from "./explore.ts";
import type { Explored, Finding } from "./explore.ts";
import { RUNNING_HEAD_BYTES } from "./running.ts";
import { TARGETS } from "./targets.ts";

/** What a thread is started with. */
export interface Order {
  readonly target: string;
  readonly seconds: number;
  readonly maxExecutions: number;
  readonly seed: number;
  readonly corpus: readonly Uint8Array[];
  readonly usedCounters: number;
  readonly literals: readonly (readonly [number, readonly (string | number)[]])[];
  /** The input that runs: its number, its length, and its bytes. */
  readonly running: SharedArrayBuffer;
}

export type FromThread =
  | { readonly kind: "kept"; readonly input: Uint8Array }
  | { readonly kind: "broken"; readonly finding: Finding }
  | { readonly kind: "explored"; readonly explored: Explored };

// Readers of JSON throw and catch by the line, and much of the time would go into stacks. A finding gets one all the same.
Error.stackTraceLimit = 0;

if (parentPort !== null) {
  await obey(workerData as Order, (message) => parentPort?.postMessage(message));
}

async function obey(order: Order, tell: (message: FromThread) => void): Promise<void> {
  const target = TARGETS.find(({ name }) => name === order.target);
  if (target === undefined) {
    throw new Error(`There is nothing called ${order.target} to be fuzzed.`);
  }
  const head = new Int32Array(order.running, 0, 2);
  const bytes = new Uint8Array(order.running, RUNNING_HEAD_BYTES);
  const explored = await explore({
    ...order,
    target,
    onStart(input) {
      const shown = input.subarray(0, bytes.length);
      bytes.set(shown);
      head[1] = shown.length;
      Atomics.add(head, 0, 1);
    },
    onKept: (input) => tell({ kind: "kept", input }),
    onBroken: (finding) => tell({ kind: "broken", finding }),
  });
  tell({ kind: "explored", explored });
}
