import type { FolderSource } from "#core/byteSource.ts";
import type { CheckpointIndex } from "#core/checkpoint.ts";
import { malformed, ok, type Outcome, type ReadFailure } from "#core/outcome.ts";
import { t } from "@vscode/l10n";

import { assemble, type Assembled } from "./assemble.ts";
import { filesIn, isDeepSpeedFile, type SaveFiles } from "./files.ts";
import { modelStateOf, type ModelState } from "./model.ts";
import { rankStateOf, type RankState } from "./optimizer.ts";
import { type OtherFile, readOthers, readUniversal } from "./others.ts";
import { type JoinedRanks, joinRanks } from "../shared/modelRanks.ts";
import type { PickledCheckpoint } from "../pickle/pickledTensor.ts";
import type { FolderReader } from "../reader.ts";
import { tensorLabel } from "../shared/tensorLabel.ts";
import { openTorchFile } from "../torch/openFile.ts";

/** A save of DeepSpeed: `global_step100`, or the folder whose file `latest` names it. */
export const deepspeed: FolderReader = {
  format: "deepspeed",
  recognises: (paths) =>
    paths.some(isDeepSpeedFile) ||
    (paths.includes(LATEST) && paths.some((path) => isDeepSpeedFile(path.slice(path.indexOf("/") + 1)))),
  readIndex: readDeepSpeed,
};

const LATEST = "latest";

async function readDeepSpeed(folder: FolderSource): Promise<Outcome<CheckpointIndex>> {
  const paths = await folder.list();
  const prefix = await saveIn(folder, paths);
  if (prefix.kind !== "ok") {
    return prefix;
  }
  const files = filesIn(paths, prefix.value);
  const ranks = await readRanks(folder, files);
  if (ranks.kind !== "ok") {
    return ranks;
  }
  const others = await readOthers(folder, files, prefix.value);
  if (others.kind !== "ok") {
    return others;
  }
  const all = ranks.value;
  const joined = await joinRanks(
    folder,
    all.map(({ name, assembled }) => ({ name, stage: "", tensors: assembled.tensors })),
  );
  const universal = await readUniversal(folder, files.states, new Set(joined.tensors.map(({ name }) => name)));
  return universal.kind === "ok"
    ? combine(folder, all, { joined, others: [...others.value, universal.value] })
    : universal;
}

interface Pieces {
  readonly joined: JoinedRanks;
  readonly others: readonly OtherFile[];
}

function combine(
  folder: FolderSource,
  ranks: readonly ReadRank[],
  { joined, others }: Pieces,
): Outcome<CheckpointIndex> {
  const tensors = [...joined.tensors, ...others.flatMap((other) => other.tensors)];
  const optimizer = ranks[0]?.assembled.optimizer ?? others.find((other) => other.optimizer !== undefined)?.optimizer;
  return tensors.length === 0
    ? malformed(0, describeEmpty(folder.name, ranks))
    : ok({
        format: "deepspeed",
        tensors,
        metadata: ranks[0]?.metadata ?? {},
        ...(optimizer === undefined ? {} : { optimizer }),
        notRead: ranks.flatMap(({ assembled }) => assembled.notRead).slice(0, MAX_NOT_READ),
        notes: [...(ranks[0]?.assembled.notes ?? []), ...joined.notes],
      });
}

/** With the first thing that was not read, and why. */
function describeEmpty(name: string, ranks: readonly ReadRank[]): string {
  const unread = ranks.flatMap(({ assembled }) => assembled.notRead)[0];
  return unread === undefined
    ? t("{0}: the files of this save hold no tensors.", name)
    : t(
        "{0}: the files of this save hold no tensors that can be read. The first, {1}, is {2}.",
        name,
        unread.name,
        unread.what,
      );
}

// More of them are a list that nobody reads.
const MAX_NOT_READ = 1000;
// A name such as global_step1000.
const MAX_LATEST_BYTES = 1000;

/** The folder of the files, with a `/`; nothing when they lie at the top. */
async function saveIn(folder: FolderSource, paths: readonly string[]): Promise<Outcome<string>> {
  if (paths.some(isDeepSpeedFile)) {
    return ok("");
  }
  const latest = await folder.open(LATEST);
  const bytes = latest === undefined ? new Uint8Array() : await latest.read(0, Math.min(latest.size, MAX_LATEST_BYTES));
  const tag = new TextDecoder().decode(bytes).trim();
  if (paths.some((path) => path.startsWith(`${tag}/`))) {
    return ok(`${tag}/`);
  }
  const what = t(
    'latest names "{0}", which is not in the folder. Wait until the save is complete, or name the folder of one.',
    tensorLabel(tag),
  );
  return { kind: "incomplete", have: 0, need: 1, what };
}

interface ReadRank {
  readonly name: string;
  readonly assembled: Assembled;
  readonly metadata: Readonly<Record<string, string>>;
}

async function readRanks(folder: FolderSource, files: SaveFiles): Promise<Outcome<readonly ReadRank[]>> {
  const ranks: ReadRank[] = [];
  const numbers = new Set([...files.models.keys(), ...files.optimizers.keys()]);
  for (const rank of Array.from(numbers).toSorted((a, b) => a - b)) {
    const models = await readAll(folder, files.models.get(rank) ?? [], (each) => ok(modelStateOf(each)));
    if (models.kind !== "ok") {
      return models;
    }
    const states = await readAll(folder, files.optimizers.get(rank) ?? [], rankStateOf);
    const failure = states.kind === "ok" ? faultOf(models.value, states.value) : states;
    if (states.kind !== "ok" || failure !== undefined) {
      return failure ?? malformed(0, "");
    }
    ranks.push({
      name: `mp_rank_${String(rank).padStart(2, "0")}`,
      assembled: assemble({ models: models.value, states: states.value }),
      metadata: { ...models.value[0]?.metadata, ...states.value[0]?.metadata },
    });
  }
  return ok(ranks);
}

async function readAll<T>(
  folder: FolderSource,
  paths: readonly string[],
  read: (pickled: PickledCheckpoint) => Outcome<T>,
): Promise<Outcome<readonly T[]>> {
  const all: T[] = [];
  for (const path of paths) {
    const opened = await openTorchFile(folder, path);
    const value = opened.kind === "ok" ? read(opened.value) : opened;
    if (value.kind !== "ok") {
      return value;
    }
    all.push(value.value);
  }
  return ok(all);
}

// Pieces of parameters: those of 70 billion on 512 ranks are a third of it.
const MAX_PIECES = 1_000_000;

function faultOf([model]: readonly ModelState[], states: readonly RankState[]): ReadFailure | undefined {
  const pieces = (model?.groups.flat().length ?? 0) * states.length;
  return pieces > MAX_PIECES
    ? malformed(0, t("The save cuts parameters into {0} pieces; Gradlens reads up to {1}.", pieces, MAX_PIECES))
    : missingRanks(states);
}

function missingRanks(states: readonly RankState[]): ReadFailure | undefined {
  const ranks = Math.max(0, ...(states[0]?.partitionCounts ?? []));
  if (ranks === 0 || states.length === ranks) {
    return undefined;
  }
  const what = t(
    "The optimizer's state was cut for {0} ranks, and files of {1} are there. Wait until the save is complete, or copy the others.",
    ranks,
    states.length,
  );
  return { kind: "incomplete", have: states.length, need: ranks, what };
}
