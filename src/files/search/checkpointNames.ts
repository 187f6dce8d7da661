import { CHECKPOINT_FAMILIES, SHARDED_ENDINGS } from "#core/checkpointEndings.ts";

/** Names of checkpoints' files and folders: a first guess, for looking into every file of a workspace would take hours. */

const ENDINGS = CHECKPOINT_FAMILIES.flatMap(({ endings }) => endings);
const TENSOR_FILE = new RegExp(
  String.raw`\.(?:${ENDINGS.join("|")}|(?:${SHARDED_ENDINGS.join("|")})\.index\.json)$`,
  "i",
);
/** Many programs write these; a word in the name must say that it holds tensors of a model. */
const PERHAPS_TENSORS = /\.(?:bin|npy)$/i;
const TENSOR_WORD =
  /(?:^|[-_.])(?:model|weights?|params?|state|grads?|gradients?|optim|optimizer|checkpoint|ckpt)(?=[-_.])/i;
/** Flax writes `checkpoint_300` without an ending. */
const FLAX_NAME = /^checkpoint_\d+$/;

/** What trainers save beside a model: settings, random states, schedules. */
const NO_TENSORS =
  /^(?:training_args|rng_state|random_states?|scheduler|lr_scheduler|scaler|sampler|dataloader)(?:[-_.]|$)/i;
/** Arrays that are data to train on. */
const DATA_ARRAYS =
  /^(?:[xy]_)?(?:train|training|test|val|valid|validation|data|dataset|images|labels|features)[-_.]?\d*\.(?:npz|h5|hdf5)$/i;

const SHARD = /^(.+)-\d{5}-of-\d{5}(\.(?:safetensors|bin|pt|pth))$/;
const GGUF_PART = /^(.+)-(?!00001)\d{5}(-of-\d{5}\.gguf)$/;
const TENSORFLOW_DATA = /^(.+)\.data-\d{5}-of-\d{5}$/;
const TENSORFLOW_INDEX = ".index";

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

// `checkpoint3` without a separator is fairseq's third epoch, and `epoch_3` says it: neither is a step.
const STEP_WORD = String.raw`(?:(?:checkpoint|ckpt)[-_=]|(?:global_?)?step[-_=]?|iter(?:ation)?[-_=]?)(\d+)`;
const STEP_IN_FILE_NAME = new RegExp(String.raw`(?:^|[^a-z])${STEP_WORD}(?![\d.])`, "i");
// `step2_finetune` is a stage of somebody's project, so a folder must say nothing else.
const STEP_FOLDER = new RegExp(String.raw`^(?:epoch[-_=]?\d+[-_])?${STEP_WORD}$`, "i");
/** What may follow a step in a file's name. */
const LAST_ENDING = new RegExp(
  String.raw`\.(?:(?:weights\.)?(?:${ENDINGS.join("|")})|bin|npy|index)(?:\.index\.json)?$`,
  "i",
);

export function isCheckpointName(name: string): boolean {
  const mayBe =
    TENSOR_FILE.test(name) ||
    (PERHAPS_TENSORS.test(name) && TENSOR_WORD.test(name)) ||
    FLAX_NAME.test(name) ||
    needsOthers(name);
  return mayBe && !NO_TENSORS.test(name) && !DATA_ARRAYS.test(name);
}

/** Whether a file is a checkpoint only together with another one: an index and its data. */
export function needsOthers(name: string): boolean {
  return name.endsWith(TENSORFLOW_INDEX) || TENSORFLOW_DATA.test(name);
}

/** Name of the file that stands for this one as well, were it there; null for a file that stands for itself. */
export function indexNameOf(name: string): string | null {
  const [, stem, suffix] = SHARD.exec(name) ?? [];
  const [, model, parts] = GGUF_PART.exec(name) ?? [];
  const prefix = TENSORFLOW_DATA.exec(name)?.[1];
  if (stem !== undefined && suffix !== undefined) {
    return `${stem}${suffix}.index.json`;
  }
  if (prefix !== undefined) {
    return prefix + TENSORFLOW_INDEX;
  }
  return model === undefined || parts === undefined ? null : `${model}-00001${parts}`;
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

/** A save that is still being written. */
export function isUnfinishedFolder(name: string): boolean {
  return name.includes(UNFINISHED);
}

/** `step_300.safetensors`, `iter_0000300.safetensors`; null when the name tells no step. */
export function stepOfFile(name: string): number | null {
  return firstNumber(STEP_IN_FILE_NAME.exec(name.replace(LAST_ENDING, "")));
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
