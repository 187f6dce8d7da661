import type { FolderSource } from "#core/byteSource.ts";
import type { CheckpointIndex } from "#core/checkpoint.ts";
import { ok, type Outcome } from "#core/outcome.ts";

import type { FolderReader } from "../reader.ts";
import { withKinds } from "../shared/treeKind.ts";
import { storeInFolder } from "../shared/valueStore.ts";
import { createZarrBudget, noneRead, readZarrArrays } from "./arrays.ts";

export const zarr: FolderReader = {
  format: "zarr",
  recognises: (paths) => paths.some((path) => ZARR_FOLDER.test(path)),
  readIndex: readZarr,
};

/** A group or an array, or a folder of arrays of version 2, which need no group. */
const ZARR_FOLDER = /^(?:\.zgroup|zarr\.json|(?:[^/]+\/)?\.zarray)$/;

/** The arrays of a folder, of versions 2 and 3, by their paths. */
async function readZarr(folder: FolderSource): Promise<Outcome<CheckpointIndex>> {
  const arrays = await readZarrArrays(storeInFolder(folder, await folder.list(), ""), {
    nameOf: (path) => (path === "" ? "(root)" : path),
    leavesOutFill: true,
    budget: createZarrBudget(),
  });
  if (arrays.kind !== "ok") {
    return arrays;
  }
  const { leaves, notRead, notes } = arrays.value;
  const failure = noneRead(arrays.value);
  return failure ?? ok({ format: "zarr", tensors: withKinds(leaves, folder.name), metadata: {}, notRead, notes });
}
