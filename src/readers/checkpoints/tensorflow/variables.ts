import type { Coding } from "#core/coding.ts";
import { bitsOf, type DType } from "#core/dtype.ts";
import { malformed, ok, type Outcome } from "#core/outcome.ts";
import type { TensorEntry } from "#core/tensor.ts";
import type { Box, TensorPart } from "#core/tensorPart.ts";
import { t } from "@vscode/l10n";

import { tensorLabel } from "../shared/tensorLabel.ts";
import { describeTensor, sizeOf } from "../shared/tensorSize.ts";
import type { BundleEntry, BundleHeader } from "./entries.ts";
import type { Shards } from "./shards.ts";
import { boxOf, isCovered, sliceKey } from "./slices.ts";
import { tensorflowDType, tensorflowTypeName } from "./types.ts";

export interface BundleContext {
  readonly header: BundleHeader;
  readonly entries: ReadonlyMap<string, BundleEntry>;
  readonly shards: Shards;
}

export type LocatedVariable =
  | Pick<TensorEntry, "dtype" | "shape" | "elements" | "file" | "parts">
  | { readonly what: string };

/** Where a variable's elements lie, or what it is that has no norm. */
export async function locateVariable(entry: BundleEntry, context: BundleContext): Promise<Outcome<LocatedVariable>> {
  const { type, shape, at, key } = entry;
  const dtype = tensorflowDType(type);
  if (dtype === undefined) {
    return ok({ what: t("a tensor of {0}", tensorflowTypeName(type)) });
  }
  const size = sizeOf(dtype, shape);
  if (size === undefined) {
    return malformed(
      at,
      t("{0} has more than 2^53 bits. Save the checkpoint again.", describeTensor(key, dtype, shape)),
    );
  }
  const ranges = entry.slices.length === 0 ? ok([{ entry }]) : piecesOf(entry, context);
  if (ranges.kind !== "ok") {
    return ranges;
  }
  const parts: TensorPart[] = [];
  for (const piece of ranges.value) {
    const part = await locatePiece(piece, dtype, context);
    if (part.kind !== "ok") {
      return part;
    }
    if (part.value === undefined) {
      return ok({ what: t("a variable whose data file is missing") });
    }
    parts.push(part.value);
  }
  return ok({ dtype, shape, elements: size.elements, file: parts[0]?.file ?? "", parts });
}

interface Piece {
  readonly entry: BundleEntry;
  /** Missing: it is the whole variable. */
  readonly box?: Box;
}

// A piece for each of many parameter servers.
const MAX_PIECES = 20_000;

/** The pieces of a partitioned variable, which must cover it once. */
function piecesOf(
  { key, at, type, shape, slices }: BundleEntry,
  { entries }: BundleContext,
): Outcome<readonly Piece[]> {
  const boxes = slices.map((slice) => boxOf(slice, shape));
  const pieces = slices.map((slice) => entries.get(sliceKey(key, slice)));
  const known = boxes.filter((box) => box !== undefined);
  if (slices.length > MAX_PIECES || known.length < boxes.length || !isCovered(known, shape)) {
    return malformed(
      at,
      t("{0}: its pieces do not cover it exactly once. Save the checkpoint again.", tensorLabel(key)),
    );
  }
  const isSame = pieces.every(
    (piece, index) => piece?.type === type && isEqual(piece.shape, known[index]?.shape ?? []),
  );
  return isSame
    ? ok(pieces.flatMap((entry, index) => (entry === undefined ? [] : [{ entry, box: known[index] ?? WHOLE }])))
    : malformed(
        at,
        t("{0}: the index lacks a piece of it, or has another shape. Save the checkpoint again.", tensorLabel(key)),
      );
}

const WHOLE: Box = { start: [], shape: [] };

function isEqual(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((size, axis) => size === b[axis]);
}

/** Undefined when its data file is missing. */
async function locatePiece(
  { entry, box }: Piece,
  dtype: DType,
  { header, shards }: BundleContext,
): Promise<Outcome<TensorPart | undefined>> {
  const { key, at, shape, shard, size } = entry;
  const described = (): string => describeTensor(key, dtype, shape);
  const bytes = sizeOf(dtype, shape)?.bytes;
  if (shard >= header.shards) {
    return malformed(
      at,
      t("{0} is in data file {1} of {2}. Save the checkpoint again.", described(), shard, header.shards),
    );
  }
  if (size !== bytes || !Number.isSafeInteger(entry.offset + size)) {
    return malformed(
      at,
      t("{0} takes {1} bytes, but the index says {2}. Save the checkpoint again.", described(), String(bytes), size),
    );
  }
  const part = await shards.take(entry);
  if (part === undefined || "kind" in part) {
    return part ?? ok(undefined);
  }
  const codings = header.littleEndian ? {} : swapped(dtype);
  return ok({ ...part, ...codings, ...(box === undefined ? {} : { box }) });
}

/** Complex elements are two numbers. */
function swapped(dtype: DType): { readonly codings?: readonly Coding[] } {
  const bytes = bitsOf(dtype) / 8 / (dtype === "C64" ? 2 : 1);
  return bytes > 1 ? { codings: [{ kind: "bigEndian", bytes }] } : {};
}
