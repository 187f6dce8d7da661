import type { ReductionEngine } from "./engine.ts";

/**
 * An engine that goes on with another when its device fails, also in the middle of a tensor: the chunk is still in
 * memory, so the other one reduces it again and everything after it. `onFailure` hears of it once.
 */
export function withFallback(
  first: ReductionEngine,
  second: ReductionEngine,
  onFailure: (error: unknown) => void,
): ReductionEngine {
  let current = first;
  return {
    name: first.name,
    threads: first.threads,
    staging: first.staging,
    get device() {
      return current.device;
    },
    async reduce(chunk) {
      if (current === second) {
        return second.reduce(chunk);
      }
      try {
        return await first.reduce(chunk);
      } catch (error) {
        if (current === first) {
          current = second;
          onFailure(error);
        }
        return second.reduce(chunk);
      }
    },
    async dispose() {
      await Promise.all([first.dispose(), second.dispose()]);
    },
  };
}
