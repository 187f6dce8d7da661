import type { CheckpointIndex } from "#core/checkpoint.ts";
import type { ReadInto } from "#core/byteSource.ts";
import { ok, type Outcome, unsupported } from "#core/outcome.ts";
import type { TensorPart } from "#core/tensorPart.ts";
import { fileReaderFor, folderReaderFor } from "#readers/checkpoints/readers.ts";
import { createScriptEngine } from "#reduction/scriptEngine.ts";
import { reduceTensor } from "#reduction/reduce.ts";

import { openIn } from "../reduction/engines.ts";
import { folderOf } from "./folderSource.ts";
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

/** The index of a folder by whichever reader takes it. */
export async function indexOfFolder(files: Files): Promise<Outcome<CheckpointIndex>> {
  const folder = folderOf(files);
  const reader = folderReaderFor(await folder.list());
  return reader === undefined ? unsupported("no reader takes this folder") : reader.readIndex(folder);
}

/** Norms of the tensors in a folder by name, or why there are none. */
export async function normsOfFolder(files: Files): Promise<Outcome<Record<string, number>>> {
  const index = await indexOfFolder(files);
  if (index.kind !== "ok") {
    return index;
  }
  const engine = createScriptEngine();
  const norms: Record<string, number> = {};
  for (const entry of index.value.tensors) {
    const open = (part: TensorPart): ReadInto => openIn(files[part.file] ?? new Uint8Array())(part);
    const reduced = await reduceTensor(engine, { entry, open });
    norms[entry.name] = reduced.kind === "ok" ? reduced.value.l2 : Number.NaN;
  }
  return ok(norms);
}
