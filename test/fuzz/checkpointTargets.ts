import { createPartOpener } from "#codings/partOpener.ts";
import { isDamage } from "#codings/damage.ts";
import type { CheckpointIndex } from "#core/checkpoint.ts";
import type { Outcome } from "#core/outcome.ts";
import type { TensorEntry } from "#core/tensor.ts";
import { nameOptimizerStates } from "#readers/checkpoints/parameterNames/parameterNames.ts";
import { fileReaderFor, folderReaderFor } from "#readers/checkpoints/readers.ts";
import type { ReductionEngine } from "#reduction/engine.ts";
import { reduceTensor } from "#reduction/reduce.ts";
import { createSimdEngine } from "#reduction/simdEngine.ts";
import { CHECKPOINT_SEEDS } from "./checkpointSeeds.ts";
import type { CheckpointSeeds } from "./checkpointSeeds.ts";
import { packFiles, unpackFiles } from "./packedFiles.ts";
import type { Target } from "./target.ts";
import { folderOf } from "../support/folderSource.ts";
import { sourceOf } from "../support/safetensors.ts";

/** Every reader of checkpoints, with its index and the norms of all it lists. */
export function checkpointTargets(): readonly Target[] {
  return Object.entries(CHECKPOINT_SEEDS).map(([name, seeds]) => targetOf(name, seeds));
}

function targetOf(name: string, { opened, checkpoints }: CheckpointSeeds): Target {
  const isOneFile = opened !== undefined && checkpoints.every((files) => Object.keys(files).length === 1);
  return {
    name: `checkpoints/${name}`,
    seeds: () =>
      checkpoints.map((files) => (isOneFile ? Buffer.from(files[opened] ?? new Uint8Array()) : packFiles(files))),
    run: async (input) => attempt(isOneFile ? { [opened]: input } : unpackFiles(input), opened),
  };
}

type Files = Readonly<Record<string, Uint8Array>>;

/** How reading and reducing it ended. Rejects when a reader does, or a norm fails by anything but damaged data. */
async function attempt(files: Files, opened: string | undefined): Promise<string> {
  const index = await readIndex(files, opened);
  if (index.kind !== "ok") {
    return index.kind;
  }
  nameOptimizerStates([index.value]);
  const ends = new Set<string>();
  for (const entry of index.value.tensors) {
    try {
      ends.add((await reduceFrom(files, entry)).kind);
    } catch (error) {
      if (!isDamage(error)) {
        throw error;
      }
      ends.add("damage");
    }
  }
  return ends.size === 1 && ends.has("ok") ? "ok" : ["index", ...[...ends].toSorted()].join(" ");
}

export async function reduceFrom(files: Files, entry: TensorEntry): ReturnType<typeof reduceTensor> {
  const opener = createPartOpener();
  const open: Parameters<typeof reduceTensor>[1]["open"] = (part) =>
    opener.open(part, async (target, offset) => {
      target.set(await sourceOf(files[part.file] ?? new Uint8Array(), part.file).read(offset, target.length));
    });
  try {
    return await reduceTensor(await simdEngine(), { entry, open });
  } finally {
    await opener.close();
  }
}

/** The folder's, or that of one file with the others beside it. */
export async function readIndex(files: Files, opened: string | undefined): Promise<Outcome<CheckpointIndex>> {
  const folder = folderOf(files);
  if (opened === undefined) {
    const reader = folderReaderFor(await folder.list());
    return reader === undefined ? { kind: "unsupported", what: "no checkpoint" } : reader.readIndex(folder);
  }
  const source = sourceOf(files[opened] ?? new Uint8Array(), opened);
  const reader = await fileReaderFor(source);
  return reader.kind === "ok" ? reader.value.readIndex(source, folder) : reader;
}

let started: Promise<ReductionEngine> | undefined;

/** One for all inputs, as a thread of the worker has it. */
async function simdEngine(): Promise<ReductionEngine> {
  started ??= createSimdEngine().then((outcome) => {
    if (outcome.kind !== "ok") {
      throw new Error(`The engine does not start: ${outcome.kind}.`);
    }
    return outcome.value;
  });
  return started;
}
