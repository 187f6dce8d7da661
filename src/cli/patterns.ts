import { checkPatterns } from "#worker/runs/checkPatterns.ts";
import { UsageError } from "./usage.ts";

/** The patterns themselves, once each of them can be used. */
export function parsePatterns(patterns: readonly string[]): readonly string[] {
  const [problem] = checkPatterns(patterns);
  if (problem !== undefined) {
    throw new UsageError(`--pattern ${patterns[problem.index]}: ${problem.reason}`);
  }
  return patterns;
}
