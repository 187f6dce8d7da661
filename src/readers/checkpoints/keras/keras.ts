import type { Hdf5Contents } from "./contents.ts";
import type { FoundTensor } from "./dataset.ts";
import { archivedState, legacyState } from "./state.ts";
import type { KerasRole } from "./role.ts";

/** Whether an HDF5 file was written by Keras: it says so, or has its variables where Keras 3 has them. */
export function isKeras({ metadata, tensors }: Pick<Hdf5Contents, "metadata" | "tensors">): boolean {
  return "keras_version" in metadata || tensors.some(({ path }) => KERAS_PLACE.test(path));
}

const KERAS_PLACE = /^model_weights\/|(^|\/)vars\/\d+$/;

export interface KerasRoles {
  /** By the tensors' paths: of an optimizer's, of others there is none. */
  readonly roles: ReadonlyMap<string, KerasRole>;
  /** By which rule numbered states were named. */
  readonly notes: readonly string[];
}

export function kerasRoles(tensors: readonly FoundTensor[], groupNames: ReadonlyMap<string, string>): KerasRoles {
  const archived = archivedState(tensors, groupNames);
  return { roles: new Map([...legacyState(tensors), ...archived.roles]), notes: archived.notes };
}
