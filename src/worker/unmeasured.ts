import type { TensorEntry, UnmeasuredTensor } from "#core/tensor.ts";
import { t } from "@vscode/l10n";

/** Tensors that got no norms, with the reasons. */
export interface UnmeasuredTensors {
  readonly add: (entry: TensorEntry, why: string) => void;
  readonly all: readonly UnmeasuredTensor[];
  readonly notes: () => readonly string[];
}

// A file of an element type that is not read gives one reason per tensor: a few tell it all.
const MAX_NOTES = 20;

export function createUnmeasured(): UnmeasuredTensors {
  const all: UnmeasuredTensor[] = [];
  return {
    all,
    add(entry, text) {
      const { parts: _, ...described } = entry;
      const { name } = entry;
      const why = text.startsWith(`${name}: `) ? text.slice(name.length + 2) : text; // Most reasons begin with it.
      all.push({ ...described, why });
    },
    notes() {
      const told = all.slice(0, MAX_NOTES).map(({ name, why }) => `${name}: ${why}`);
      return all.length > MAX_NOTES ? [...told, t("{0} more tensors have no norm.", all.length - MAX_NOTES)] : told;
    },
  };
}
