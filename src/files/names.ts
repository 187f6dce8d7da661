/** File names that may be logs. What they really are, their content says. */
const LOG_NAMES: readonly RegExp[] = [
  /\.jsonl$/i,
  /^metrics.*\.csv$/i,
  /log.*\.csv$/i,
  /^trainer_state\.json$/,
  /^scalars\.json$/,
  /\.log$/i,
  /^(?:train|log).*\.txt$/i,
];

const SKIPPED_FOLDERS: ReadonlySet<string> = new Set(["node_modules", "site-packages", "__pycache__", "venv"]);

/** Files that Flax writes: `flax_model.msgpack`, and `checkpoint_300` without an ending. */
const FLAX_NAME = /\.msgpack$|^checkpoint_\d+$/;

/** What Orbax writes into the folder of a checkpoint, or of the only item of one. */
const ORBAX_FILES: readonly string[] = ["_CHECKPOINT_METADATA", "_METADATA", "manifest.ocdbt"];
/** A folder of Zarr: an array or a group of them. */
const ZARR_FILES: readonly string[] = [".zarray", ".zgroup", "zarr.json"];
/** Ranks of torch.distributed.checkpoint and of DeepSpeed write files of their own, and Megatron's ranks folders. */
const RANK_FILE =
  /^__\d+_\d+\.distcp$|(?:^|_)zero_pp_rank_\d+_mp_rank_\d+_(?:optim|model)_states\.pt$|^mp_rank_\d+_model_states\.pt$/;
const RANK_FOLDER = /^(?:pytorch_model_fsdp_\d+|mp_rank_\d\d(?:_\d{3}){0,2})$/;
/** Megatron's own description of a checkpoint whose tensors are in folders. */
const MEGATRON_FILES: readonly string[] = ["common.pt", "metadata.json"];
/** Most folders of Zarr are data sets, so one must say that it is a checkpoint. */
const CHECKPOINT_WORD = /ckpt|checkpoint|params|weights|grad|model|state/i;
/** Orbax renames the folder when the save is complete. */
const UNFINISHED = ".orbax-checkpoint-tmp";

const CHECKPOINT_SUFFIX = /\.(?:safetensors|pt|pth|ckpt|pdparams|pdopt|(?:safetensors|bin|pt|pth)\.index\.json)$/;
/** Many programs write `.bin`; these words are in the names of those that hold tensors. */
const CHECKPOINT_BIN =
  /(?:^|[-_.])(?:model|weights?|params?|state|grads?|gradients?|optim|optimizer|checkpoint|ckpt)[-_.](?:.*\.)?bin$/i;
/** What trainers save beside a model: settings, random states, schedules. */
const NO_TENSORS =
  /^(?:training_args|rng_state|random_states?|scheduler|lr_scheduler|scaler|sampler|dataloader)(?:[-_.]|$)/i;
const SHARD = /^(.+)-\d{5}-of-\d{5}(\.(?:safetensors|bin|pt|pth))$/;

// `checkpoint3` without a separator is fairseq's third epoch, and `epoch_3` says it: neither is a step.
const STEP_WORD = String.raw`(?:(?:checkpoint|ckpt)[-_=]|(?:global_?)?step[-_=]?|iter(?:ation)?[-_=]?)(\d+)`;
const STEP_IN_FILE_NAME = new RegExp(String.raw`(?:^|[^a-z])${STEP_WORD}(?![\d.])`, "i");
// `step2_finetune` is a stage of somebody's project, so a folder must say nothing else.
const STEP_FOLDER = new RegExp(String.raw`^(?:epoch[-_=]?\d+[-_])?${STEP_WORD}$`, "i");

export const TRAINER_STATE = "trainer_state.json";

export function isLogName(name: string): boolean {
  return LOG_NAMES.some((pattern) => pattern.test(name));
}

export function isCheckpointName(name: string): boolean {
  const isCheckpoint = CHECKPOINT_SUFFIX.test(name) || CHECKPOINT_BIN.test(name) || FLAX_NAME.test(name);
  return isCheckpoint && !NO_TENSORS.test(name);
}

/** A folder that is one thing, whatever lies in it: a checkpoint, or data of another kind. Only logs are looked for in it. */
export function wholeFolder(name: string, entries: readonly string[]): "checkpoint" | "data" | undefined {
  if (entries.some((entry) => ORBAX_FILES.includes(entry) || RANK_FILE.test(entry) || RANK_FOLDER.test(entry))) {
    return "checkpoint";
  }
  if (MEGATRON_FILES.every((file) => entries.includes(file))) {
    return "checkpoint";
  }
  if (entries.some((entry) => ZARR_FILES.includes(entry))) {
    return CHECKPOINT_WORD.test(name) || stepOfFolder(name) !== null ? "checkpoint" : "data";
  }
  return undefined;
}

/** Name of the index that lists this shard, were there one; null for a file that is no shard. */
export function indexNameOf(name: string): string | null {
  const [, stem = "", suffix = ""] = SHARD.exec(name) ?? [];
  return stem === "" ? null : `${stem}${suffix}.index.json`;
}

/** Folders of installed packages and hidden ones hold no runs, and many files; unfinished ones are none yet. */
export function isSkippedFolder(name: string): boolean {
  return name.startsWith(".") || name.includes(UNFINISHED) || SKIPPED_FOLDERS.has(name);
}

/** `step_300.safetensors`, `iter_0000300.safetensors`; null when the name tells no step. */
export function stepOfFile(name: string): number | null {
  return firstNumber(
    STEP_IN_FILE_NAME.exec(name.replace(/\.(?:safetensors|pt|pth|ckpt|bin|pdparams|pdopt)(?:\.index\.json)?$/, "")),
  );
}

/** `checkpoint-300`, `global_step300`, `epoch=3-step=300`; null for a folder that is not one step's. */
export function stepOfFolder(name: string): number | null {
  return firstNumber(STEP_FOLDER.exec(name));
}

/** Of a folder that is a checkpoint: Orbax calls it by its step alone. */
export function stepOfCheckpointFolder(name: string): number | null {
  return stepOfFolder(name) ?? (/^\d{1,15}$/.test(name) ? Number(name) : null);
}

function firstNumber(match: RegExpExecArray | null): number | null {
  const digits = match?.[1];
  return digits === undefined ? null : Number(digits);
}
