import type { ReadInto } from "#core/byteSource.ts";
import { bitsOf } from "#core/dtype.ts";
import { malformed, ok, type Outcome, unsupported } from "#core/outcome.ts";
import type { TensorEntry, TensorStatistics } from "#core/tensor.ts";
import { decodedBytes, type TensorPart } from "#core/tensorPart.ts";
import { t } from "@vscode/l10n";

import { ALL_CHUNKS, chunkCount, type ChunkRange, overlap } from "./chunkRange.ts";
import { isReducible, type ReducibleDType, type ReductionEngine } from "./engine.ts";
import { type Layout, layoutsOf, spanOf } from "./layout.ts";
import { reducePart, type ReducedChunk } from "./reducePart.ts";
import { NOTHING, toTensorStatistics } from "./statistics.ts";

export interface TensorInput {
  readonly entry: TensorEntry;
  /**
   * Starts to give the decoded bytes of a part: fills `target` from an offset in them, or rejects. Offsets ascend unless
   * a view's elements overlap.
   */
  readonly open: (part: TensorPart) => ReadInto;
  /** Only these; all when it is missing. A coded part is decoded from its start on, so it should not be cut. */
  readonly chunks?: ChunkRange;
}

export interface ReduceOptions {
  /** Looked at between chunks; the promise then rejects with its reason. */
  readonly signal?: AbortSignal;
  /** Called after each chunk with the bytes of this tensor reduced so far, as they are stored. */
  readonly onProgress?: (bytesDone: number) => void;
  /** Called with each chunk, in order, while it is in memory. */
  readonly onChunk?: (chunk: ReducedChunk) => void;
}

/**
 * Streams one tensor through an engine, holding two chunks at most. Chunks depend on the tensor alone and are added in
 * order, so the result is the same bits on every run. Rejects when a read fails or the signal is aborted.
 */
export async function reduceTensor(
  engine: ReductionEngine,
  input: TensorInput,
  options: ReduceOptions = {},
): Promise<Outcome<TensorStatistics>> {
  const reducible = checkReducible(input.entry);
  if (reducible.kind !== "ok") {
    return reducible;
  }
  const { entry, layouts } = reducible.value;
  const { dtype, parts } = entry;
  const { chunks = ALL_CHUNKS, open } = input;
  const chunkElements = engine.staging.chunkElements(dtype);
  const release = engine.staging.claim();
  try {
    let total = NOTHING;
    let chunksBefore = 0;
    let bytesBefore = 0;
    for (const [at, part] of parts.entries()) {
      const layout = layouts[at];
      const count = layout === undefined ? 0 : chunkCount(layout, chunkElements);
      const own = overlap(chunks, chunksBefore, count);
      const before = bytesBefore;
      const onShare = (share: number): void => {
        bytesBefore = before + Math.round(part.byteLength * share);
        options.onProgress?.(bytesBefore);
      };
      if (layout !== undefined && own.first < own.end) {
        const reduction = { engine, dtype, part, layout, chunks: own, read: open(part) };
        total = await reducePart(total, reduction, { ...options, onShare });
      } else if (count === 0 && part.byteLength > 0) {
        onShare(1);
      }
      chunksBefore += count;
    }
    return ok(toTensorStatistics(total));
  } finally {
    release();
  }
}

/** A tensor whose elements can be decoded. */
export interface ReducibleEntry extends TensorEntry {
  readonly dtype: ReducibleDType;
}

export interface Reducible {
  readonly entry: ReducibleEntry;
  /** Of the tensor's parts. */
  readonly layouts: readonly Layout[];
}

/** How a tensor is to be reduced, or why it cannot be. */
export function checkReducible(entry: TensorEntry): Outcome<Reducible> {
  const { name, dtype, elements, parts } = entry;
  const offset = parts[0]?.offset ?? 0;
  if (!isReducibleEntry(entry)) {
    return unsupported(t("{0}: Gradlens cannot decode elements of {1}, so it has no norm here.", name, dtype));
  }
  const layouts = layoutsOf(entry);
  const covered = layouts.reduce((total, layout) => total + layout.elements * layout.times, 0);
  if (covered !== elements) {
    return malformed(
      offset,
      t("{0}: its parts hold {1} of {2} elements. Nothing was reduced.", name, covered, elements),
    );
  }
  for (const [at, part] of parts.entries()) {
    const layout = layouts[at];
    const wrong = layout && whatIsWrong(part, layout, entry);
    if (wrong !== undefined) {
      return malformed(part.offset, t("{0}: {1} Nothing was reduced.", name, wrong));
    }
    if (layout !== undefined && !layout.isDense && bitsOf(dtype) % 8 !== 0) {
      return unsupported(
        t("{0}: a view with gaps has no norm here, because elements of {1} are no whole bytes.", name, dtype),
      );
    }
  }
  return ok({ entry, layouts });
}

function isReducibleEntry(entry: TensorEntry): entry is ReducibleEntry {
  return isReducible(entry.dtype);
}

/** A part that its reader should not have made, in a sentence for people. */
function whatIsWrong(part: TensorPart, layout: Layout, { dtype, shape }: TensorEntry): string | undefined {
  const { strides = [], box = { start: shape.map(() => 0), shape } } = part;
  if (!box.start.every((start, axis) => start >= 0 && start + (box.shape[axis] ?? 0) <= (shape[axis] ?? 0))) {
    return t("its part from {0} of shape {1} is not inside it.", box.start.join(", "), box.shape.join(" × "));
  }
  if (!strides.every((stride) => Number.isSafeInteger(stride) && stride >= 0)) {
    return t("Gradlens cannot follow its strides {0}.", strides.join(", "));
  }
  if (!fills(part, layout, bitsOf(dtype))) {
    return t("{0} elements of {1} do not fill {2} bytes.", layout.elements, dtype, decodedBytes(part));
  }
  return undefined;
}

/** A view may lie in more bytes than it needs; what is no view fills them. */
function fills(part: TensorPart, layout: Layout, bits: number): boolean {
  const bytes = (spanOf(layout) * bits) / 8;
  const spare = decodedBytes(part) - bytes;
  const isView = part.box !== undefined || part.strides !== undefined;
  return layout.elements === 0 || (Number.isInteger(bytes) && (spare === 0 || (isView && spare > 0)));
}
