import type { ReadInto } from "#core/byteSource.ts";
import { bitsOf } from "#core/dtype.ts";
import { malformed, ok, type Outcome, unsupported } from "#core/outcome.ts";
import { elementsOf, type TensorPart } from "#core/tensorPart.ts";
import { t } from "@vscode/l10n";

import type { Reducible, TensorInput } from "../reduce.ts";
import { copyBox } from "./boxCopy.ts";
import type { Slab } from "./cutShape.ts";

/** A part whose elements follow each other in the tensor's row-major order. */
export interface Run {
  readonly part: TensorPart;
  /** Row-major index of its first element. */
  readonly start: number;
  readonly elements: number;
}

/** The parts in row-major order where each is a run of it; undefined where rows are interleaved or elements repeated. */
export function runsOf({ entry, layouts }: Reducible): readonly Run[] | undefined {
  const runs: Run[] = [];
  for (const [at, part] of entry.parts.entries()) {
    const layout = layouts[at];
    if (layout === undefined || layout.elements === 0) {
      continue;
    }
    const { elements, isDense, isRowMajor, times, indexOf } = layout;
    const start = indexOf(0);
    if (!isDense || !isRowMajor || times !== 1 || indexOf(elements - 1) !== start + elements - 1) {
      return undefined;
    }
    runs.push({ part, start, elements });
  }
  return runs.toSorted((a, b) => a.start - b.start);
}

/** Fills `target` with the elements of a slab in row-major order, whatever lies where. Slabs should ascend. */
export type ReadSlab = (target: Uint8Array, slab: Slab) => Promise<void>;

/** Reads a tensor in row-major order; a failure where its parts say too little of where its elements belong. */
export function openRowMajor(reducible: Reducible, open: TensorInput["open"]): Outcome<ReadSlab> {
  const runs = runsOf(reducible);
  if (runs !== undefined) {
    return ok(readRuns(runs, bitsOf(reducible.entry.dtype) / 8, open));
  }
  const { name, dtype, parts } = reducible.entry;
  if (bitsOf(dtype) % 8 !== 0) {
    return unsupported(t("{0}: parts of {1} whose elements are no whole bytes are not put together.", name, dtype));
  }
  return parts.length > 1 && parts.some(({ box }) => box === undefined)
    ? malformed(parts[0]?.offset ?? 0, t("{0}: its parts do not say which elements they are.", name))
    : ok(readBoxes(reducible, open));
}

function readRuns(runs: readonly Run[], elementBytes: number, open: TensorInput["open"]): ReadSlab {
  const opened = createOpened(open);
  return async (target, { first, elements }) => {
    for (const { part, start, elements: length } of runs) {
      const from = Math.max(first, start);
      const to = Math.min(first + elements, start + length);
      if (from < to) {
        const place = target.subarray((from - first) * elementBytes, (to - first) * elementBytes);
        await opened(part)(place, (from - start) * elementBytes);
      }
    }
  };
}

/** What is coded is decoded from the start on, so the last part stays open. */
function createOpened(open: TensorInput["open"]): (part: TensorPart) => ReadInto {
  let last: { readonly part: TensorPart; readonly read: ReadInto } | undefined;
  return (part) => {
    last = last?.part === part ? last : { part, read: open(part) };
    return last.read;
  };
}

function readBoxes({ entry }: Reducible, open: TensorInput["open"]): ReadSlab {
  const elementBytes = bitsOf(entry.dtype) / 8;
  const opened = createOpened(open);
  return async (target, slab) => {
    const to = { ...slab, strides: rowMajorStrides(slab.shape), bytes: target };
    for (const part of entry.parts) {
      const { start, shape } = part.box ?? { start: entry.shape.map(() => 0), shape: entry.shape };
      const strides = part.strides ?? rowMajorStrides(shape);
      const read: ReadInto = async (bytes, offset) => opened(part)(bytes, offset);
      await copyBox({ start, shape, strides, read }, to, elementBytes);
    }
  };
}

function rowMajorStrides(shape: readonly number[]): number[] {
  return shape.map((_, axis) => elementsOf(shape.slice(axis + 1)));
}
