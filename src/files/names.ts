import { isUnfinishedFolder } from "./checkpointNames.ts";

/** File names that may be logs. What they really are, their content says. */
const LOG_NAMES: readonly RegExp[] = [
  /\.jsonl$/i,
  /^metrics.*\.csv$/i,
  /log.*\.csv$/i,
  /^trainer_state\.json$/,
  /^scalars\.json$/,
  /\.log$/i,
  /\.log\.json$/i,
  /\.(?:out|err)$/i,
  /tfevents/,
  /\.wandb$/,
];

/** Names that much else has too: notes, lists of files, data sets. */
const LOOSE_LOG_NAMES: readonly RegExp[] = [
  /^(?:train|log).*\.txt$/i,
  /(?:^|[._-])(?:train(?:ing)?|logs?|output|console|stdout|stderr)[._-].*\btxt$/i,
  /(?:chronicle|logbook|train(?:ing)?[_-]?log).*\.md$/i,
];

const SKIPPED_FOLDERS: ReadonlySet<string> = new Set(["node_modules", "site-packages", "__pycache__", "venv"]);

export const TRAINER_STATE = "trainer_state.json";

export function isLogName(name: string): boolean {
  return LOG_NAMES.some((pattern) => pattern.test(name)) || isLooseLogName(name);
}

export function isLooseLogName(name: string): boolean {
  return LOOSE_LOG_NAMES.some((pattern) => pattern.test(name));
}

/** Folders of installed packages and hidden ones hold no runs, and many files; unfinished ones are none yet. */
export function isSkippedFolder(name: string): boolean {
  return name.startsWith(".") || isUnfinishedFolder(name) || SKIPPED_FOLDERS.has(name);
}
