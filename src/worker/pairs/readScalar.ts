import { createPartOpener } from "#codings/partOpener.ts";
import type { TensorEntry } from "#core/tensor.ts";
import { reduceTensor, type TensorInput } from "#reduction/reduce.ts";
import { createScriptEngine } from "#reduction/scriptEngine.ts";
import type { OpenCheckpoint } from "../checkpoints/openCheckpoint.ts";

/** Reads scalars that are never negative, such as step counts and norms: a scalar's norm is its size. */
export function createScalarReader({ fileOf }: OpenCheckpoint): (entry: TensorEntry) => Promise<number | null> {
  const engine = createScriptEngine();
  const known = new Map<TensorEntry, number | null>();
  return async (entry) => {
    const before = known.get(entry);
    if (before !== undefined) {
      return before;
    }
    const opener = createPartOpener();
    try {
      const open: TensorInput["open"] = (part) => opener.open(part, fileOf(part).readInto);
      const reduced = await reduceTensor(engine, { entry, open });
      const value = reduced.kind === "ok" && entry.elements === 1 ? reduced.value.l2 : null;
      known.set(entry, value);
      return value;
    } finally {
      await opener.close();
    }
  };
}
