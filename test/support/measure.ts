import { openPart } from "#codings/decoded.ts";
import type { CheckpointIndex } from "#core/checkpoint.ts";
import type { Outcome } from "#core/outcome.ts";
import { reduceTensor } from "#reduction/reduce.ts";
import { createScriptEngine } from "#reduction/scriptEngine.ts";

import { sourceOf } from "./safetensors.ts";

/** The norms of the tensors of an index, by name, whose files are in memory. */
export async function measureIndex(
  index: Outcome<CheckpointIndex>,
  files: Readonly<Record<string, Uint8Array>>,
): Promise<Record<string, number>> {
  if (index.kind !== "ok") {
    throw new Error(JSON.stringify(index));
  }
  const engine = createScriptEngine();
  const norms: Record<string, number> = {};
  for (const entry of index.value.tensors) {
    const outcome = await reduceTensor(engine, {
      entry,
      open: (part) =>
        openPart(part, async (target, offset) => {
          target.set(await sourceOf(files[part.file] ?? new Uint8Array()).read(offset, target.length));
        }),
    });
    if (outcome.kind !== "ok") {
      throw new Error(JSON.stringify(outcome));
    }
    norms[entry.name] = outcome.value.l2;
  }
  return norms;
}
