import type { TensorKind } from "#core/tensor.ts";

import type { Hdf5Contents } from "./contents.ts";
import type { FoundTensor } from "./dataset.ts";
import { archivedState, legacyState } from "./state.ts";

/** What Keras says of a tensor besides its name. */
export interface KerasRole {
  readonly kind: TensorKind;
  readonly parameter?: string;
}

/** Whether an HDF5 file was written by Keras: it says so, or has its variables where Keras 3 has them. */
export function isKeras({ metadata, tensors }: Pick<Hdf5Contents, "metadata" | "tensors">): boolean {
  return "keras_version" in metadata || tensors.some(({ path }) => KERAS_PLACE.test(path));
}

const KERAS_PLACE = /^model_weights\/|(^|\/)vars\/\d+$/;

/** The roles of an optimizer's tensors, by their paths; of others there is none. */
export function kerasRoles(
  tensors: readonly FoundTensor[],
  groupNames: ReadonlyMap<string, string>,
): ReadonlyMap<string, KerasRole> {
  return new Map([...legacyState(tensors), ...archivedState(tensors, groupNames)]);
}
