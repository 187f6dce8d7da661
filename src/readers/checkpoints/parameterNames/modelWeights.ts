import type { CheckpointIndex } from "#core/checkpoint.ts";
import { isFloating } from "#core/dtype.ts";

/** A parameter's weights: what an optimizer's state may belong to. */
export interface Weight {
  /** As the model calls it. */
  readonly name: string;
  readonly shape: readonly number[];
  /** It stands in the order in which the model has it: files of torch keep it, safetensors sorts. */
  readonly isInOrder: boolean;
}

/** The weights of each model of a file, which lie in a dict or module of their own; buffers are no parameters. */
export function modelsIn({ format, tensors }: CheckpointIndex): readonly (readonly Weight[])[] {
  const models = new Map<string, Weight[]>();
  const seen = new Set<string>();
  for (const { name, kind, dtype, shape, parts } of tensors) {
    const storage = JSON.stringify(parts);
    const { holder, own } = splitName(name);
    const isTied = seen.has(`${holder}/${storage}`); // A tied parameter is in the optimizer once, by its first name.
    seen.add(`${holder}/${storage}`);
    if (kind === "weight" && isFloating(dtype) && !isTied && !BUFFER.test(own) && !name.includes("_buffers/")) {
      const model = models.get(holder) ?? [];
      model.push({ name: own, shape, isInOrder: format.startsWith("pytorch") });
      models.set(holder, model);
    }
  }
  return [...models.values()];
}

const BUFFER = /(?:^|\.)(?:running_mean|running_var|num_batches_tracked|inv_freq|position_ids|masked_bias)$/;

/** `state_dict/fc.weight` and, of a whole module, `_modules/fc/_parameters/weight`. */
function splitName(name: string): { readonly holder: string; readonly own: string } {
  const module = name.search(/(?<=^|\/)_(?:modules|parameters)\//);
  if (module >= 0) {
    const own = name.slice(module).replaceAll(/_(?:modules|parameters)\//g, "");
    return { holder: name.slice(0, module), own: own.replaceAll("/", ".") };
  }
  const at = name.lastIndexOf("/") + 1;
  return { holder: name.slice(0, at), own: name.slice(at) };
}
