import type { FolderSource } from "#core/byteSource.ts";
import type { CheckpointIndex } from "#core/checkpoint.ts";
import { ok, type Outcome, unsupported } from "#core/outcome.ts";
import { t } from "@vscode/l10n";

import { readDcp } from "../dcp/dcp.ts";
import { plainValuesIn } from "../dcp/companion.ts";
import { roleOf } from "../dcp/names.ts";
import { asRecord, asText, parseJson } from "../shared/jsonFields.ts";
import { readRankFolders } from "./rankFolders.ts";
import type { FolderReader } from "../reader.ts";
import { tensorLabel } from "../shared/tensorLabel.ts";
import { storeInFolder } from "../shared/valueStore.ts";
import { createZarrBudget, noneRead, readZarrArrays } from "../zarr/arrays.ts";

/** A save of Megatron-LM: `iter_0001000`, or the folder whose tracker file names it. */
export const megatron: FolderReader = {
  format: "megatron",
  recognises: (paths) =>
    isSave(paths, "") || (paths.includes(TRACKER) && foldersOf(paths).some((own) => isSave(paths, own))),
  readIndex: readMegatron,
};

const TRACKER = "latest_checkpointed_iteration.txt";
// The number of an iteration, or `release`.
const MAX_TRACKER_BYTES = 100;

const RANK_FILE = /^mp_rank_\d{2,}(?:_\d{3,}){0,2}\/(?:model_optim_rng|model_rng|distrib_optim)\.pt$/;

/** Folders of ranks, or a description of tensors that all ranks share. */
function isSave(paths: readonly string[], prefix: string): boolean {
  return (
    paths.some((path) => path.startsWith(prefix) && RANK_FILE.test(path.slice(prefix.length))) ||
    (paths.includes(`${prefix}metadata.json`) && paths.includes(`${prefix}common.pt`))
  );
}

function foldersOf(paths: readonly string[]): readonly string[] {
  return Array.from(
    new Set(paths.filter((path) => path.includes("/")).map((path) => path.slice(0, path.indexOf("/") + 1))),
  );
}

async function readMegatron(folder: FolderSource): Promise<Outcome<CheckpointIndex>> {
  const paths = await folder.list();
  const prefix = isSave(paths, "") ? "" : await trackedFolder(folder);
  if (!isSave(paths, prefix)) {
    const what = t(
      '{0} names "{1}", where no save is. Wait until the save is complete, or name the folder of one.',
      TRACKER,
      tensorLabel(prefix),
    );
    return { kind: "incomplete", have: 0, need: 1, what };
  }
  const isShared = paths.includes(`${prefix}metadata.json`);
  return isShared ? readShared(folder, prefix, paths) : readRankFolders(folder, prefix, paths);
}

/** `1000` stands for `iter_0001000/`. */
async function trackedFolder(folder: FolderSource): Promise<string> {
  const source = await folder.open(TRACKER);
  const bytes =
    source === undefined ? new Uint8Array() : await source.read(0, Math.min(source.size, MAX_TRACKER_BYTES));
  const text = new TextDecoder().decode(bytes).trim();
  return /^\d+$/.test(text) ? `iter_${text.padStart(7, "0")}/` : `${text}/`;
}

// It names a backend and its version.
const MAX_DESCRIPTION_BYTES = 1_000_000;

/** Tensors in full, whoever wrote their parts: as torch.distributed.checkpoint or as Zarr. */
async function readShared(
  folder: FolderSource,
  prefix: string,
  paths: readonly string[],
): Promise<Outcome<CheckpointIndex>> {
  const source = await folder.open(`${prefix}metadata.json`);
  const bytes = await source?.read(0, Math.min(source.size, MAX_DESCRIPTION_BYTES));
  const backend = asText(asRecord(parseJson(bytes ?? new Uint8Array()))?.["sharded_backend"]);
  if (backend === "zarr") {
    return readArrays(folder, prefix, paths);
  }
  return backend === "torch_dist" || backend === "fsdp_dtensor"
    ? readDcp(folder, [prefix], "megatron")
    : unsupported(
        t(
          '{0}metadata.json names the backend "{1}", which Gradlens does not read.',
          prefix,
          tensorLabel(backend ?? ""),
        ),
      );
}

async function readArrays(
  folder: FolderSource,
  prefix: string,
  paths: readonly string[],
): Promise<Outcome<CheckpointIndex>> {
  const arrays = await readZarrArrays(storeInFolder(folder, paths, prefix), {
    nameOf: (path) => path,
    leavesOutFill: true,
    budget: createZarrBudget(),
  });
  if (arrays.kind !== "ok") {
    return arrays;
  }
  const { leaves, notRead, notes } = arrays.value;
  const tensors = leaves.map((leaf) => ({ ...leaf, ...roleOf(leaf.name, leaf.dtype) }));
  const metadata = await plainValuesIn(folder, prefix, paths);
  return noneRead(arrays.value) ?? ok({ format: "megatron", tensors, metadata, notRead, notes });
}
