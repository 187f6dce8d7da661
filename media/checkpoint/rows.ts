import type { TensorDescription, TensorNorms } from "#core/tensor.ts";

/** One tensor of the file: what the index says, and its norms once they are computed. */
export interface CheckpointRow {
  readonly entry: TensorDescription;
  readonly norms: TensorNorms | undefined;
}

/** The rows in the order of the file, filled in as norms arrive. */
export interface CheckpointRows {
  readonly all: () => readonly CheckpointRow[];
  readonly addNorms: (norms: readonly TensorNorms[]) => void;
  /** Forgets the norms, before they are computed again. */
  readonly clear: () => void;
}

export function createCheckpointRows(entries: readonly TensorDescription[]): CheckpointRows {
  const rows = entries.map((entry): CheckpointRow => ({ entry, norms: undefined }));
  const places = new Map(entries.map((entry, index) => [keyOf(entry), index]));
  return {
    all: () => rows,
    addNorms(norms) {
      for (const each of norms) {
        const index = places.get(keyOf(each)) ?? -1;
        const row = rows[index];
        if (row !== undefined) {
          rows[index] = { entry: row.entry, norms: each };
        }
      }
    },
    clear() {
      for (const [index, { entry }] of rows.entries()) {
        rows[index] = { entry, norms: undefined };
      }
    },
  };
}

export function nonFiniteCount({ nan, posInf, negInf }: { nan: number; posInf: number; negInf: number }): number {
  return nan + posInf + negInf;
}

/** `F32 120, BF16 3`, the most frequent first. */
export function dtypeSummary(entries: readonly TensorDescription[]): string {
  const counts = new Map<string, number>();
  for (const { dtype } of entries) {
    counts.set(dtype, (counts.get(dtype) ?? 0) + 1);
  }
  const ordered = Array.from(counts).toSorted(([, a], [, b]) => b - a);
  return ordered.length === 1
    ? (ordered[0]?.[0] ?? "")
    : ordered.map(([dtype, tensors]) => `${dtype} ${tensors}`).join(", ");
}

function keyOf({ file, kind, name }: { file: string; kind: string; name: string }): string {
  return JSON.stringify([file, kind, name]);
}
