import { descriptionOf } from "#core/tensor.ts";
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
      all.push({ ...descriptionOf(entry), why: withoutName(text, entry.name) });
    },
    notes() {
      const told = all.slice(0, MAX_NOTES).map(({ name, why }) => `${name}: ${why}`);
      return all.length > MAX_NOTES ? [...told, describeMore(all.length - MAX_NOTES)] : told;
    },
  };
}

/** Most reasons begin with the tensor's name and a colon, of which languages have their own. */
function withoutName(text: string, name: string): string {
  const rest = text.startsWith(name) ? /^ ?[:：] ?(.+)$/s.exec(text.slice(name.length))?.[1] : undefined;
  return rest ?? text;
}

function describeMore(count: number): string {
  return count === 1 ? t("1 more tensor has no norm.") : t("{0} more tensors have no norm.", count);
}
