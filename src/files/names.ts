import { isUnfinishedFolder } from "./checkpointNames.ts";

/** File names that may be logs. What they really are, their content says. */
const LOG_NAMES: readonly RegExp[] = [
  /\.jsonl$/i,
  /^metrics.*\.csv$/i,
  /log.*\.csv$/i,
  /^trainer_state\.json$/,
  /^scalars\.json$/,
  /\.log$/i,
  /\.log\.\d{1,4}$/i,
  /^(?:train|log).*\.txt$/i,
];

const SKIPPED_FOLDERS: ReadonlySet<string> = new Set(["node_modules", "site-packages", "__pycache__", "venv"]);

export const TRAINER_STATE = "trainer_state.json";

export function isLogName(name: string): boolean {
  return LOG_NAMES.some((pattern) => pattern.test(name));
}

/** Folders of installed packages and hidden ones hold no runs, and many files; unfinished ones are none yet. */
export function isSkippedFolder(name: string): boolean {
  return name.startsWith(".") || isUnfinishedFolder(name) || SKIPPED_FOLDERS.has(name);
}
