import type { FolderSource } from "#core/byteSource.ts";
import type { OptimizerDescription } from "#core/checkpoint.ts";
import { ok, type Outcome } from "#core/outcome.ts";
import type { TensorEntry } from "#core/tensor.ts";

import { kindOfSlot } from "../dcp/names.ts";
import { isRecord, valueAt } from "../pickle/access.ts";
import type { PickleValue } from "../pickle/values.ts";
import { indexPickled } from "../pickle/pickledIndex.ts";
import { type PickledCheckpoint, tensorOf } from "../pickle/pickledTensor.ts";
import { openTorchFile } from "../torch/openFile.ts";
import type { SaveFiles, UniversalState } from "./files.ts";

/** What files hold whose tensors need not be put together. */
export interface OtherFile {
  readonly tensors: readonly TensorEntry[];
  readonly optimizer?: OptimizerDescription;
}

/** Experts, layers of a pipeline, and optimizers that are not cut among ranks. */
export async function readOthers(
  folder: FolderSource,
  files: SaveFiles,
  prefix: string,
): Promise<Outcome<readonly OtherFile[]>> {
  const found: OtherFile[] = [];
  // Without ZeRO the optimizer lies in the model's file.
  const models = files.optimizers.size === 0 ? Array.from(files.models.values()).flat() : [];
  for (const path of [...files.weights, ...models, ...files.others]) {
    const opened = await openTorchFile(folder, path);
    if (opened.kind !== "ok") {
      return opened;
    }
    const read = listed(files.weights.includes(path) ? opened.value : optimizerOf(opened.value));
    found.push(labelled(read, labelOf(path.slice(prefix.length), files)));
  }
  return ok(found);
}

/** Its optimizer alone, under that name. */
function optimizerOf(pickled: PickledCheckpoint): PickledCheckpoint {
  const optimizer = valueAt(pickled.root, "optimizer") ?? null;
  const root: PickleValue = { kind: "dict", keys: isRecord(optimizer) ? ["optimizer"] : [], values: [optimizer] };
  return { ...pickled, root };
}

/** Nothing where it holds no tensors. */
function listed(pickled: PickledCheckpoint): OtherFile {
  const index = indexPickled(pickled);
  return index.kind === "ok" ? index.value : { tensors: [] };
}

/** Names of a pipeline's layers start anew in each file; those of experts do not. */
function labelOf(name: string, { models, others }: SaveFiles): string {
  const layer = /^(layer_\d+)-model_(\d+)-/.exec(name);
  if (layer !== null) {
    return layer[2] === "00" ? `${layer[1] ?? ""}/` : `${layer[1] ?? ""}-model_${layer[2] ?? ""}/`;
  }
  const isOne = models.size <= 1 && others.length <= 1;
  return isOne || /expert_/.test(name) ? "" : `${name.replace(/_(?:model|optim)_states\.pt$/, "")}/`;
}

function labelled(file: OtherFile, label: string): OtherFile {
  const tensors = file.tensors.map((tensor) => ({ ...tensor, name: label + tensor.name }));
  const groups = file.optimizer?.groups.map((group) => ({ ...group, path: `${label}${group.path ?? ""}` }));
  return { ...file, tensors, ...(file.optimizer && groups ? { optimizer: { ...file.optimizer, groups } } : {}) };
}

/** A universal checkpoint: each state of each parameter whole, in a file of its own. */
export async function readUniversal(
  folder: FolderSource,
  states: readonly UniversalState[],
  owned: ReadonlySet<string>,
): Promise<Outcome<OtherFile>> {
  const tensors: TensorEntry[] = [];
  const steps: [string, number][] = [];
  for (const state of states) {
    const opened = await openTorchFile(folder, state.path);
    if (opened.kind !== "ok") {
      return opened;
    }
    const entry = universalEntry(opened.value, state, owned);
    if (entry?.kind === "ok") {
      tensors.push(entry.value);
    } else if (entry !== undefined && entry.kind !== "unsupported") {
      return entry;
    } else if (state.slot === "step" && typeof opened.value.root === "number") {
      steps.push([state.parameter, opened.value.root]);
    }
  }
  const optimizer = steps.length === 0 ? {} : { optimizer: { groups: [], steps: new Map(steps) } };
  return ok({ tensors, ...optimizer });
}

function universalEntry(
  pickled: PickledCheckpoint,
  { path, parameter, slot }: UniversalState,
  owned: ReadonlySet<string>,
): Outcome<TensorEntry> | undefined {
  const name = `${slot}/${parameter}`;
  const tensor = tensorOf(pickled, valueAt(pickled.root, "param") ?? pickled.root, name);
  if (tensor?.kind !== "ok") {
    return tensor;
  }
  const { dtype, shape, elements, parts } = tensor.value;
  const kind = slot === "fp32" && !owned.has(parameter) ? "weight" : kindOfSlot(slot, dtype);
  return ok({ name, kind, dtype, shape, elements, file: path, parts, parameter });
}
