import { bitsOf } from "#core/dtype.ts";
import type { TensorEntry } from "#core/tensor.ts";
import { type Box, decodedBytes, elementsOf, type TensorPart } from "#core/tensorPart.ts";

/** How the elements of a part lie in its decoded bytes. They are reduced in the order in which they lie. */
export interface Layout {
  /** Distinct elements of the part. */
  readonly elements: number;
  /** How often the tensor has each of them. */
  readonly times: number;
  /** Without holes, so that the bytes can be reduced as they are. */
  readonly isDense: boolean;
  /** Elements that follow each other without a hole. */
  readonly runLength: number;
  /** Where runs lie: sizes and strides in elements, the widest stride first. */
  readonly outer: readonly Dimension[];
  /** Whether elements lie in the order of their indices. */
  readonly isRowMajor: boolean;
  /** Row-major index in the tensor of the element that lies at a place. Of one the tensor has several times, the first. */
  readonly indexOf: (place: number) => number;
}

export interface Dimension {
  readonly size: number;
  readonly stride: number;
}

/** Layouts of a tensor's parts, in their order. */
export function layoutsOf({ dtype, shape, elements, parts }: TensorEntry): readonly Layout[] {
  let next = 0;
  return parts.map((part) => {
    const ownElements = parts.length === 1 && part.box === undefined ? elements : elementsIn(part, bitsOf(dtype));
    const start = next;
    next += ownElements;
    const isEmpty = ownElements === 0; // Whatever its strides are.
    return isEmpty || (part.box === undefined && part.strides === undefined)
      ? rowMajorLayout(ownElements, start)
      : stridedLayout(part.box ?? wholeOf(shape), { tensor: shape, strides: part.strides });
  });
}

function elementsIn(part: TensorPart, bits: number): number {
  return part.box === undefined ? (decodedBytes(part) * 8) / bits : elementsOf(part.box.shape);
}

function wholeOf(shape: readonly number[]): Box {
  return { start: shape.map(() => 0), shape };
}

function rowMajorLayout(elements: number, start: number): Layout {
  return {
    elements,
    times: 1,
    isDense: true,
    runLength: elements,
    outer: [],
    isRowMajor: true,
    indexOf: (place) => start + place,
  };
}

interface Strides {
  readonly tensor: readonly number[];
  readonly strides: readonly number[] | undefined;
}

interface Axis extends Dimension {
  /** What a step along it adds to the row-major index in the tensor. */
  readonly indexStep: number;
}

function stridedLayout(box: Box, { tensor, strides = rowMajorStrides(box.shape) }: Strides): Layout {
  const indexSteps = rowMajorStrides(tensor);
  const first = box.start.reduce((sum, start, axis) => sum + start * (indexSteps[axis] ?? 0), 0);
  const axes = box.shape.map((size, axis) => {
    return { size, stride: strides[axis] ?? 0, indexStep: indexSteps[axis] ?? 0 };
  });
  const times = elementsOf(axes.filter(({ stride }) => stride === 0).map(({ size }) => size));
  const ordered = axes.filter(({ size, stride }) => size !== 1 && stride !== 0).toSorted((a, b) => b.stride - a.stride);
  const { runLength, outer } = runsOf(ordered);
  return {
    elements: elementsOf(ordered.map(({ size }) => size)),
    times,
    isDense: outer.length === 0,
    runLength,
    outer,
    isRowMajor: ordered.every(({ indexStep }, at) => at === 0 || indexStep < (ordered[at - 1]?.indexStep ?? 0)),
    indexOf: (place) => first + indexAt(ordered, place),
  };
}

function rowMajorStrides(shape: readonly number[]): number[] {
  return shape.map((_, axis) => elementsOf(shape.slice(axis + 1)));
}

/** Joins the innermost dimensions as far as they leave no hole. */
function runsOf(ordered: readonly Dimension[]): { readonly runLength: number; readonly outer: readonly Dimension[] } {
  let runLength = 1;
  for (let at = ordered.length - 1; at >= 0; at -= 1) {
    const { size, stride } = ordered[at] ?? { size: 1, stride: 1 };
    if (stride !== runLength) {
      return { runLength, outer: ordered.slice(0, at + 1) };
    }
    runLength *= size;
  }
  return { runLength, outer: [] };
}

function indexAt(ordered: readonly Axis[], place: number): number {
  let rest = place;
  let index = 0;
  for (const { size, indexStep } of ordered.toReversed()) {
    index += (rest % size) * indexStep;
    rest = Math.floor(rest / size);
  }
  return index;
}

/** Elements from the first to the last. */
export function spanOf({ runLength, outer }: Layout): number {
  return outer.reduce((span, { size, stride }) => span + (size - 1) * stride, runLength);
}
