import { isUnfinishedFolder } from "./checkpointNames.ts";

/** File names that may be logs. What they really are, their content says. */
const LOG_NAMES: readonly RegExp[] = [
  /\.jsonl$/i,
  /^metrics.*\.csv$/i,
  /log.*\.csv$/i,
  /^progress\.csv$/i,
  /^(?:progress|result|(?:.*[._-])?metrics)\.json$/i,
  /^trainer_state\.json$/,
  /^scalars\.json$/,
  /\.log$/i,
  /\.log\.json$/i,
  /\.(?:out|err)$/i,
  /tfevents/,
  /\.wandb$/,
  /\.(?:db|sqlite3?)$/i,
];

/** Names that much else has too: notes, lists of files, data sets. */
const LOOSE_LOG_NAMES: readonly RegExp[] = [
  /^(?:train|log).*\.txt$/i,
  /^train.*\.csv$/i,
  /\.tsv$/i,
  /(?:^|[._-])(?:train(?:ing)?|logs?|output|console|stdout|stderr)[._-].*\btxt$/i,
  /(?:chronicle|logbook|train(?:ing)?[_-]?log).*\.md$/i,
];

const SKIPPED_FOLDERS: ReadonlySet<string> = new Set(["node_modules", "site-packages", "__pycache__", "venv"]);

export const TRAINER_STATE = "trainer_state.json";

/** What logrotate and people put behind the name of a log: `.1`, `.gz`, `.2.zst`. */
const ROTATED = /(?:\.\d{1,3})?(?:\.(?:gz|zst))?$/i;

export function isLogName(name: string): boolean {
  const unrotated = name.replace(ROTATED, "");
  return LOG_NAMES.some((pattern) => pattern.test(unrotated)) || isLooseLogName(unrotated);
}

export function isLooseLogName(name: string): boolean {
  return LOOSE_LOG_NAMES.some((pattern) => pattern.test(name));
}

/** Files that may tell the clip threshold of the run they lie beside. */
const SETTINGS_NAMES =
  /^(?:(?:hparams|config|args|train(?:ing)?_(?:args|config))\.(?:ya?ml|json)|(?:ds|deepspeed)_?config.*\.json|config\.py)$/i;

/** Hydra writes them into a hidden folder. */
export const HYDRA_SETTINGS = [".hydra", "config.yaml"] as const;
/** Weights & Biases writes them into a folder below the run's. */
export const SETTINGS_FOLDER = "files";

export function isSettingsName(name: string): boolean {
  return SETTINGS_NAMES.test(name);
}

/** Folders of installed packages and hidden ones hold no runs, and many files; unfinished ones are none yet. */
export function isSkippedFolder(name: string): boolean {
  return name.startsWith(".") || isUnfinishedFolder(name) || SKIPPED_FOLDERS.has(name);
}
