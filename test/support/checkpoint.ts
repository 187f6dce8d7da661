import type { CheckpointIndex } from "#core/checkpoint.ts";
import { ok, type Outcome } from "#core/outcome.ts";
import { fileReaderFor } from "#readers/checkpoints/readers.ts";
import { createScriptEngine } from "#reduction/scriptEngine.ts";
import { reduceTensor } from "#reduction/reduce.ts";

import { openIn } from "../reduction/engines.ts";
import { folderOf } from "./folder.ts";
import { sourceOf } from "./safetensors.ts";

type Files = Readonly<Record<string, Uint8Array>>;

/** The index of a file by whichever reader takes it; others lie beside it. */
export async function indexOf(bytes: Uint8Array, name: string, beside: Files = {}): Promise<Outcome<CheckpointIndex>> {
  const source = sourceOf(bytes, name);
  const reader = await fileReaderFor(source);
  return reader.kind === "ok" ? reader.value.readIndex(source, folderOf(beside)) : reader;
}

/** Norms by name, or why there are none. */
export async function normsOf(bytes: Uint8Array, fileName: string): Promise<Outcome<Record<string, number>>> {
  const index = await indexOf(bytes, fileName);
  if (index.kind !== "ok") {
    return index;
  }
  const engine = createScriptEngine();
  const norms: Record<string, number> = {};
  for (const entry of index.value.tensors) {
    const reduced = await reduceTensor(engine, { entry, open: openIn(bytes) });
    norms[entry.name] = reduced.kind === "ok" ? reduced.value.l2 : Number.NaN;
  }
  return ok(norms);
}
