import { ignores, rulesOf } from "#core/config.ts";
import type { ConfigFile } from "#core/config.ts";
import type { FindingChoices } from "#following/findingsBook.ts";
import { UsageError, parseCommand } from "../usage.ts";

export const WATCH_OPTIONS = { interval: { type: "string" }, config: { type: "string" } } as const;

export interface WatchRequest {
  readonly path: string;
  readonly intervalMs: number;
  readonly configPath: string | undefined;
}

const USUAL_SECONDS = "2";
const LEAST_SECONDS = 0.1;
const MOST_SECONDS = 3600;

export function parseWatch(args: readonly string[]): WatchRequest {
  const { values, paths } = parseCommand(args, WATCH_OPTIONS);
  const [path = ""] = paths;
  if (paths.length > 1) {
    throw new UsageError("watch takes one PATH");
  }
  const text = values.interval ?? USUAL_SECONDS;
  const seconds = text.trim() === "" ? Number.NaN : Number(text);
  if (!(seconds >= LEAST_SECONDS && seconds <= MOST_SECONDS)) {
    throw new UsageError(`--interval ${text}: must be a number from ${LEAST_SECONDS} to ${MOST_SECONDS}`);
  }
  return { path, intervalMs: 1000 * seconds, configPath: values.config };
}

export function choicesOf(file: ConfigFile | null): FindingChoices {
  const rules = rulesOf(file);
  return { rules: () => rules, isIgnored: (_, finding) => ignores(file, finding) };
}
