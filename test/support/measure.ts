import type { CheckpointIndex } from "#core/checkpoint.ts";
import type { Outcome } from "#core/outcome.ts";
import { fileReaderFor } from "#readers/checkpoints/readers.ts";
import type { MeasuredTensor } from "#reduction/globals.ts";
import { reduceTensor } from "#reduction/reduce.ts";
import { createScriptEngine } from "#reduction/scriptEngine.ts";

import { openIn, simdEngine } from "../reduction/engines.ts";
import { sourceOf } from "./safetensors.ts";

/** What the reader that knows a file says of it. */
export async function indexOf(bytes: Uint8Array, name: string): Promise<Outcome<CheckpointIndex>> {
  const source = sourceOf(bytes, name);
  const reader = await fileReaderFor(source);
  const nothing = { name: "", list: async () => [], open: async () => undefined };
  return reader.kind === "ok" ? reader.value.readIndex(source, nothing) : reader;
}

/** The index of a file that must have one. */
export async function indexed(bytes: Uint8Array, name: string): Promise<CheckpointIndex> {
  const index = await indexOf(bytes, name);
  if (index.kind === "ok") {
    return index.value;
  }
  throw new Error(JSON.stringify(index));
}

/** The tensors of a file with their statistics, as the compute process has them. */
export async function measure(bytes: Uint8Array, name: string): Promise<readonly MeasuredTensor[]> {
  const { tensors } = await indexed(bytes, name);
  const engine = await simdEngine();
  const measured: MeasuredTensor[] = [];
  for (const entry of tensors) {
    const outcome = await reduceTensor(engine, { entry, open: openIn(bytes) });
    if (outcome.kind !== "ok") {
      throw new Error(`${entry.name}: ${JSON.stringify(outcome)}`);
    }
    measured.push({ ...entry, ...outcome.value });
  }
  await engine.dispose();
  return measured;
}

/** Norms by name. */
export async function normsIn(bytes: Uint8Array, name: string): Promise<Readonly<Record<string, number>>> {
  return Object.fromEntries((await measure(bytes, name)).map((tensor) => [tensor.name, tensor.l2]));
}

/** What reading a file that ends at each byte gives: kinds of outcomes. */
export async function kindsWhenCut(bytes: Uint8Array, name: string): Promise<ReadonlySet<string>> {
  const kinds = await Promise.all(
    Array.from(bytes, async (_, end) => (await indexOf(bytes.subarray(0, end), name)).kind),
  );
  return new Set(kinds.slice(1)); // An empty file is nobody's.
}

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
      open: (part) => openIn(files[part.file] ?? new Uint8Array())(part),
    });
    if (outcome.kind !== "ok") {
      throw new Error(JSON.stringify(outcome));
    }
    norms[entry.name] = outcome.value.l2;
  }
  return norms;
}
