import { kindTakenAs } from "#core/tensor.ts";
import type { TensorDescription, TensorKind, TensorNorms, UnmeasuredTensor } from "#core/tensor.ts";

/** One tensor of the file: what the index says, and its norms once they are computed. */
export interface CheckpointRow {
  readonly entry: TensorDescription;
  /** What it is shown as: people may say what tensors are that nothing tells. */
  readonly kind: TensorKind;
  readonly norms: TensorNorms | undefined;
  /** Why it will have no norms. */
  readonly why: string | undefined;
}

/** The rows in the order of the file, filled in as norms arrive. */
export interface CheckpointRows {
  readonly all: () => readonly CheckpointRow[];
  readonly addNorms: (norms: readonly TensorNorms[]) => void;
  readonly addReasons: (unmeasured: readonly UnmeasuredTensor[]) => void;
  readonly takeAs: (kind: TensorKind) => void;
}

export function createCheckpointRows(entries: readonly TensorDescription[], takenAs: TensorKind): CheckpointRows {
  const rows = entries.map((entry): CheckpointRow => rowOf(entry, takenAs));
  const places = new Map(entries.map((entry, index) => [keyOf(entry), index]));
  const change = (tensor: TensorDescription, to: Partial<CheckpointRow>): void => {
    const index = places.get(keyOf(tensor)) ?? -1;
    const row = rows[index];
    if (row !== undefined) {
      rows[index] = { ...row, ...to };
    }
  };
  return {
    all: () => rows,
    addNorms: (measured) => measured.forEach((norms) => change(norms, { norms })),
    addReasons: (unmeasured) => unmeasured.forEach((tensor) => change(tensor, { why: tensor.why })),
    takeAs(kind) {
      for (const [index, row] of rows.entries()) {
        rows[index] = { ...row, kind: kindTakenAs(row.entry, kind) };
      }
    },
  };
}

function rowOf(entry: TensorDescription, takenAs: TensorKind): CheckpointRow {
  return { entry, kind: kindTakenAs(entry, takenAs), norms: undefined, why: undefined };
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
