import type { Coding } from "#core/coding.ts";
import { bitsOf, type DType, isComplex } from "#core/dtype.ts";
import { malformed, ok, type Outcome, unsupported } from "#core/outcome.ts";
import { elementsOf, type TensorPart } from "#core/tensorPart.ts";
import { t } from "@vscode/l10n";

import { tensorLabel } from "./tensorLabel.ts";

/** Bytes of a file that tensors share: a storage, or what a pickle holds itself. */
export interface Region {
  readonly file: string;
  /** Bytes from the start of the file, and how many are there. */
  readonly offset: number;
  readonly byteLength: number;
  /** Bytes once the codings are undone. */
  readonly size: number;
  readonly codings: readonly Coding[];
}

/** How a tensor lies in a region, in its elements. */
export interface View {
  readonly dtype: DType;
  readonly shape: readonly number[];
  /** Of the first element. */
  readonly offset: number;
  /** Missing: row-major without holes. */
  readonly strides?: readonly number[] | undefined;
  readonly isBigEndian?: boolean;
}

export interface PlacedView {
  readonly elements: number;
  readonly parts: readonly TensorPart[];
  /** Bytes of its distinct elements: what reducing it has to read. */
  readonly bytes: number;
}

/** NumPy and PyTorch stop at the same rank. */
const MAX_RANK = 64;

/** Where a view's elements lie in the file, once it is clear that they can. `name` is the tensor's, for messages. */
export function placeView(view: View, region: Region, name: string): Outcome<PlacedView> {
  const { dtype, shape, offset } = view;
  const strides = view.strides ?? rowMajor(shape);
  const fault = faultOf(shape, strides);
  if (fault !== undefined) {
    return malformed(region.offset, t("{0}: {1}.", tensorLabel(name), fault));
  }
  if (bitsOf(dtype) % 8 !== 0) {
    return unsupported(t("{0}: elements of {1} are no whole bytes.", tensorLabel(name), dtype));
  }
  const width = bitsOf(dtype) / 8;
  const elements = elementsOf(shape);
  const span = elements === 0 ? 0 : shape.reduce((last, size, axis) => last + (size - 1) * (strides[axis] ?? 0), 1);
  const start = elements === 0 ? 0 : offset * width;
  if (!(offset >= 0 && start + span * width <= region.size)) {
    return malformed(
      region.offset,
      t(
        "{0}: its elements reach byte {1} of data that have {2} bytes. Save the file again.",
        tensorLabel(name),
        start + span * width,
        region.size,
      ),
    );
  }
  const bytes = region.codings.length === 0 ? { start, length: span * width } : { start, length: region.size - start };
  const isWhole = bytes.length === elements * width && isRowMajor(shape, strides);
  const part = { ...partOf(region, bytes, swapOf(view)), ...(isWhole ? {} : { strides }) };
  const distinct = elementsOf(shape.filter((_, axis) => strides[axis] !== 0)) * width;
  return ok({ elements, parts: [part], bytes: distinct });
}

function faultOf(shape: readonly number[], strides: readonly number[]): string | undefined {
  if (shape.length > MAX_RANK) {
    return t("it has {0} dimensions; Gradlens reads up to {1}", shape.length, MAX_RANK);
  }
  if (
    shape.length !== strides.length ||
    [...shape, ...strides].some((size) => !Number.isSafeInteger(size) || size < 0)
  ) {
    return t(
      "its shape [{0}] and strides [{1}] do not fit, or are no whole numbers from 0 on",
      few(shape),
      few(strides),
    );
  }
  let product = 1;
  let span = 1;
  for (const [axis, size] of shape.entries()) {
    product *= Math.max(1, size);
    span += Math.max(0, size - 1) * (strides[axis] ?? 0);
  }
  return Number.isSafeInteger(16 * product) && Number.isSafeInteger(16 * span)
    ? undefined
    : t("its shape [{0}] with strides [{1}] has more than 2^53 bytes", few(shape), few(strides));
}

function few(numbers: readonly number[]): string {
  return numbers.slice(0, 8).join(", ") + (numbers.length > 8 ? ", …" : "");
}

/** Bytes of a region once it is decoded, as a part; a compressed one is decoded from its start. */
function partOf(
  region: Region,
  bytes: { readonly start: number; readonly length: number },
  swap: readonly Coding[],
): TensorPart {
  const { file, offset, byteLength, codings } = region;
  const before = codings.length === 0 ? bytes.start : 0;
  const skip: readonly Coding[] = codings.length > 0 && bytes.start > 0 ? [{ kind: "skip", bytes: bytes.start }] : [];
  const all = [...codings, ...skip, ...swap];
  const length = codings.length === 0 ? bytes.length : byteLength;
  return { file, offset: offset + before, byteLength: length, ...(all.length === 0 ? {} : { codings: all }) };
}

function swapOf({ dtype, isBigEndian = false }: View): readonly Coding[] {
  const width = bitsOf(dtype) / 8 / (isComplex(dtype) ? 2 : 1);
  return isBigEndian && width > 1 ? [{ kind: "bigEndian", bytes: width }] : [];
}

export function rowMajor(shape: readonly number[]): number[] {
  return shape.map((_, axis) => elementsOf(shape.slice(axis + 1)));
}

export function columnMajor(shape: readonly number[]): number[] {
  return shape.map((_, axis) => elementsOf(shape.slice(0, axis)));
}

function isRowMajor(shape: readonly number[], strides: readonly number[]): boolean {
  const plain = rowMajor(shape);
  return shape.some((size) => size === 0) || shape.every((size, axis) => size === 1 || strides[axis] === plain[axis]);
}
