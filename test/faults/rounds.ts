import process from "node:process";
import type { TestContext } from "vitest";

declare module "vitest" {
  interface TaskMeta {
    /** For the table of `npm run test:faults`. */
    faults?: { readonly tries: number; readonly slowestMs: number };
  }
}

/** Nearly every place is tried, not a few: `npm run test:faults`. */
export const IS_LONG = process.env["GRADLENS_FAULTS"] === "all";

/**
 * Lets a fault come at one call after another, at all of the first and ever fewer of the later ones, until it does not come any
 * more because the request is done before. `attempt` tells whether it came. Gives how often it did.
 */
export async function atEachCall(attempt: (atCall: number) => Promise<boolean>): Promise<number> {
  let tries = 0;
  let stride = 1;
  for (let atCall = 0; await attempt(atCall); atCall += stride) {
    tries += 1;
    stride = Math.max(1, Math.round(atCall * (IS_LONG ? 0.15 : 4)));
  }
  return tries;
}

/** Times tries, and leaves their number with the test. */
export function createTally({ task }: TestContext): { readonly time: <T>(work: () => Promise<T>) => Promise<T> } {
  let tries = 0;
  let slowestMs = 0;
  return {
    async time(work) {
      const startMs = performance.now();
      try {
        return await work();
      } finally {
        tries += 1;
        slowestMs = Math.max(slowestMs, performance.now() - startMs);
        task.meta.faults = { tries, slowestMs };
      }
    },
  };
}

/** What a promise came to: its value, or the message of its rejection. */
export type Settled =
  | { readonly kind: "answer"; readonly answer: unknown }
  | { readonly kind: "failure"; readonly message: string };

export async function settled(promise: Promise<unknown>): Promise<Settled> {
  return promise.then(
    (answer) => ({ kind: "answer", answer }),
    (error: unknown) => ({ kind: "failure", message: error instanceof Error ? error.message : String(error) }),
  );
}
