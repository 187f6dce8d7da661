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
];

/** Names that much else has too: notes, lists of files, data sets. */
const LOOSE_LOG_NAMES: readonly RegExp[] = [
  /^(?:train|log).*\.txt$/i,
  /(?:^|[._-])(?:train(?:ing)?|logs?|output|console|stdout|stderr)[._-].*\btxt$/i,
  /(?:chronicle|logbook|train(?:ing)?[_-]?log).*\.md$/i,
];

const SKIPPED_FOLDERS: ReadonlySet<string> = new Set(["node_modules", "site-packages", "__pycache__", "venv"]);

const INDEX_SUFFIX = ".safetensors.index.json";
const SHARD = /^(.+)-\d{5}-of-\d{5}\.safetensors$/;

// `checkpoint3` without a separator is fairseq's third epoch, and `epoch_3` says it: neither is a step.
const STEP_WORD = String.raw`(?:(?:checkpoint|ckpt)[-_=]|(?:global_?)?step[-_=]?|iter(?:ation)?[-_=]?)(\d+)`;
const STEP_IN_FILE_NAME = new RegExp(String.raw`(?:^|[^a-z])${STEP_WORD}(?![\d.])`, "i");
// `step2_finetune` is a stage of somebody's project, so a folder must say nothing else.
const STEP_FOLDER = new RegExp(String.raw`^(?:epoch[-_=]?\d+[-_])?${STEP_WORD}$`, "i");

export const TRAINER_STATE = "trainer_state.json";

export function isLogName(name: string): boolean {
  return LOG_NAMES.some((pattern) => pattern.test(name)) || isLooseLogName(name);
}

export function isLooseLogName(name: string): boolean {
  return LOOSE_LOG_NAMES.some((pattern) => pattern.test(name));
}

export function isCheckpointName(name: string): boolean {
  return name.endsWith(".safetensors") || name.endsWith(INDEX_SUFFIX);
}

/** Name of the index that lists this shard, were there one; null for a file that is no shard. */
export function indexNameOf(name: string): string | null {
  const stem = SHARD.exec(name)?.[1];
  return stem === undefined ? null : stem + INDEX_SUFFIX;
}

/** Folders of installed packages and hidden ones hold no runs, and many files. */
export function isSkippedFolder(name: string): boolean {
  return name.startsWith(".") || SKIPPED_FOLDERS.has(name);
}

/** `step_300.safetensors`, `iter_0000300.safetensors`; null when the name tells no step. */
export function stepOfFile(name: string): number | null {
  return firstNumber(STEP_IN_FILE_NAME.exec(name.replace(/\.safetensors(?:\.index\.json)?$/, "")));
}

/** `checkpoint-300`, `global_step300`, `epoch=3-step=300`; null for a folder that is not one step's. */
export function stepOfFolder(name: string): number | null {
  return firstNumber(STEP_FOLDER.exec(name));
}

function firstNumber(match: RegExpExecArray | null): number | null {
  const digits = match?.[1];
  return digits === undefined ? null : Number(digits);
}
