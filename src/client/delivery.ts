import type { TensorNorms } from "#core/tensor.ts";
import type { NormsProgress } from "#protocol/workerAnswers.ts";

/** Passes progress on. A request that is sent again tells again what it told already: such tensors are left out. */
export interface Delivery {
  readonly onProgress: (progress: NormsProgress) => void;
  /** From now on what comes is of the request's next sending. */
  readonly restart: () => void;
}

export function createDelivery(onProgress: (progress: NormsProgress) => void): Delivery {
  const before: Names = new Map();
  let current: Names = new Map();
  return {
    onProgress(progress) {
      const tensors = progress.tensors.filter((tensor) => before.get(placeOf(tensor))?.has(tensor.name) !== true);
      addNames(current, progress.tensors);
      onProgress({ ...progress, tensors });
    },
    restart() {
      current.forEach((names, place) => before.set(place, new Set([...(before.get(place) ?? []), ...names])));
      current = new Map();
    },
  };
}

/** Names by file and kind. */
type Names = Map<string, Set<string>>;

function placeOf({ kind, file }: TensorNorms): string {
  return `${kind} ${file}`;
}

function addNames(to: Names, tensors: readonly TensorNorms[]): void {
  for (const tensor of tensors) {
    const place = placeOf(tensor);
    const names = to.get(place) ?? new Set();
    to.set(place, names.add(tensor.name));
  }
}
