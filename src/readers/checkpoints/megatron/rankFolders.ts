import type { FolderSource } from "#core/byteSource.ts";
import type { CheckpointIndex, NotRead } from "#core/checkpoint.ts";
import { ok, type Outcome, unsupported } from "#core/outcome.ts";
import type { TensorEntry } from "#core/tensor.ts";
import { t } from "@vscode/l10n";

import { plainValuesOf } from "../dcp/companion.ts";
import { kindOfSlot } from "../dcp/names.ts";
import { joinRanks, type ModelRank } from "../shared/modelRanks.ts";
import { nameOptimizerStates } from "../parameterNames/parameterNames.ts";
import { indexPickled } from "../pickle/pickledIndex.ts";
import { tensorLabel } from "../shared/tensorLabel.ts";
import { openTorchFile } from "../torch/openFile.ts";

const RANK_FILE = /^(mp_rank_\d{2,}((?:_\d{3,}){0,2}))\/(model_optim_rng|model_rng|distrib_optim)\.pt$/;

interface RankFile {
  readonly path: string;
  readonly rank: string;
  /** Of the pipeline, and of the experts. */
  readonly stage: string;
  readonly isBuffers: boolean;
}

/** Each rank's part of the model in a folder of its own, with its part of the optimizer. */
export async function readRankFolders(
  folder: FolderSource,
  prefix: string,
  paths: readonly string[],
): Promise<Outcome<CheckpointIndex>> {
  const ranks: ModelRank[] = [];
  const indexes: CheckpointIndex[] = [];
  for (const [rank, files] of Map.groupBy(filesIn(prefix, paths), (file) => file.rank)) {
    const tensors: TensorEntry[] = [];
    for (const file of files) {
      const index = await readFile(folder, file);
      if (index.kind !== "ok") {
        return index;
      }
      index.value.tensors.forEach((tensor) => tensors.push(tensor));
      indexes.push(index.value);
    }
    ranks.push({ name: rank, stage: files[0]?.stage ?? "", tensors });
  }
  const joined = await joinRanks(folder, ranks);
  const { optimizer, metadata } = withOptimizer(indexes);
  const hasBuffers = ranks.some(({ tensors }) => tensors.some(({ name }) => name.startsWith(BUFFERS)));
  return joined.tensors.length === 0
    ? unsupported(t("The ranks' files of this save hold no tensors that Gradlens reads."))
    : ok({
        format: "megatron",
        tensors: joined.tensors,
        metadata,
        ...(optimizer === undefined ? {} : { optimizer }),
        notRead: [...indexes.flatMap((index) => index.notRead ?? []), ...layerWise(prefix, paths)].slice(
          0,
          MAX_NOT_READ,
        ),
        notes: [
          ...new Set(indexes.flatMap(({ notes }) => notes)),
          ...joined.notes,
          ...(hasBuffers ? [describeBuffers()] : []),
        ],
      });
}

/** Of optimizers that give each rank whole layers: what a rank has is told only by running the model's code. */
function layerWise(prefix: string, paths: readonly string[]): readonly NotRead[] {
  return paths
    .filter((path) => path.startsWith(prefix) && /\/layer_wise_optimizer_\d+\.pt$/.test(path))
    .map((path) => ({
      name: tensorLabel(path.slice(prefix.length)),
      what: t("a rank's part of a layer-wise optimizer"),
    }));
}

// More of them are a list that nobody reads.
const MAX_NOT_READ = 1000;
const BUFFERS = "distrib_optim/";

function describeBuffers(): string {
  return t(
    "The distributed optimizer's buffers are listed whole: which parameters lie where in them is not in the files. Their norms are those of all parameters together.",
  );
}

function filesIn(prefix: string, paths: readonly string[]): readonly RankFile[] {
  return paths
    .filter((path) => path.startsWith(prefix))
    .flatMap((path) => {
      const [, rank, stage = "", name] = RANK_FILE.exec(path.slice(prefix.length)) ?? [];
      return rank === undefined ? [] : [{ path, rank, stage, isBuffers: name === "distrib_optim" }];
    });
}

async function readFile(folder: FolderSource, { path, isBuffers }: RankFile): Promise<Outcome<CheckpointIndex>> {
  const opened = await openTorchFile(folder, path);
  const index = opened.kind === "ok" ? indexPickled(opened.value) : opened;
  if (opened.kind !== "ok" || index.kind !== "ok") {
    return index;
  }
  const [named = index.value] = nameOptimizerStates([index.value]);
  const tensors = isBuffers ? named.tensors.map(asBuffer) : named.tensors;
  return ok({ ...named, tensors, metadata: plainValuesOf(opened.value.root) });
}

/** `param` there is the copy of the weights in float32. */
function asBuffer(tensor: TensorEntry): TensorEntry {
  const slot = tensor.name.slice(tensor.name.lastIndexOf("/") + 1);
  return { ...tensor, name: BUFFERS + tensor.name, kind: kindOfSlot(slot, tensor.dtype) };
}

/** Of several ranks the first one's word: their settings are the same. */
function withOptimizer(indexes: readonly CheckpointIndex[]): Pick<CheckpointIndex, "optimizer" | "metadata"> {
  const optimizer = indexes.find((index) => index.optimizer !== undefined)?.optimizer;
  return { metadata: indexes[0]?.metadata ?? {}, ...(optimizer === undefined ? {} : { optimizer }) };
}
