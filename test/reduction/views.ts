import { deflateSync } from "node:zlib";

import { bitsOf } from "#core/dtype.ts";
import type { TensorEntry, TensorStatistics } from "#core/tensor.ts";
import { type Box, elementsOf, type TensorPart } from "#core/tensorPart.ts";
import { decode } from "#reduction/decode.ts";
import type { ReducibleDType } from "#reduction/engine.ts";

import type { Random } from "../support/random.ts";
import { concat } from "../support/safetensors.ts";

/** A tensor that lies in a file in some strange way. */
export interface View {
  readonly entry: TensorEntry;
  readonly file: Uint8Array;
  /** Bytes of its parts once their codings are undone. */
  readonly decoded: readonly Uint8Array[];
}

/** NaN or an infinity of each type that has one; of complex ones in their real part. */
const BAD: Readonly<Partial<Record<ReducibleDType, readonly (readonly number[])[]>>> = {
  F64: [
    [0, 0, 0, 0, 0, 0, 0xf8, 0x7f],
    [0, 0, 0, 0, 0, 0, 0xf0, 0xff],
  ],
  F32: [
    [0, 0, 0xc0, 0x7f],
    [0, 0, 0x80, 0x7f],
  ],
  C64: [
    [0, 0, 0xc0, 0x7f, 0, 0, 0, 0],
    [0, 0, 0x80, 0xff, 0, 0, 0, 0],
  ],
  F16: [
    [0, 0x7e],
    [0, 0xfc],
  ],
  BF16: [
    [0xc0, 0x7f],
    [0x80, 0x7f],
  ],
  F8_E5M2: [[0x7d], [0xfc]],
};

export const VIEWED: readonly ReducibleDType[] = [
  "F64",
  "F32",
  "C64",
  "F16",
  "BF16",
  "F8_E5M2",
  "I64",
  "I32",
  "U16",
  "U8",
];

export interface Storage {
  readonly dtype: ReducibleDType;
  readonly elements: number;
  /** NaN or infinite is one in so many. */
  readonly badOneIn: number;
}

/** Numbers of every size below 2, and bad ones. */
export function storage(random: Random, { dtype, elements, badOneIn }: Storage): Uint8Array {
  const size = bitsOf(dtype) / 8;
  const word = dtype === "C64" ? 4 : size;
  const bytes = random.bytes(elements * size).map((byte, at) => (at % word === word - 1 ? byte & 0xbf : byte));
  for (let at = 0; at < elements; at += 1) {
    if (random.below(badOneIn) === 0) {
      bytes.set(random.pick(BAD[dtype] ?? [[]]), at * size);
    }
  }
  return bytes;
}

/** Strides of a box in an order of its axes, with steps, gaps, and axes that repeat. */
export function randomStrides(random: Random, shape: readonly number[]): number[] {
  const strides = shape.map(() => 0);
  let next = 1;
  for (const axis of random.shuffled(Array.from(shape.keys()))) {
    if (random.below(6) > 0) {
      strides[axis] = next * random.pick([1, 1, 1, 2, 3]);
      next = (strides[axis] ?? 1) * Math.max(1, shape[axis] ?? 1) + random.pick([0, 0, 0, 1, 5]) * next;
    }
  }
  return strides;
}

/** Boxes that hold each element of a shape once, in any order. */
function randomBoxes(random: Random, shape: readonly number[]): Box[] {
  let boxes: Box[] = [{ start: shape.map(() => 0), shape }];
  for (let cut = random.below(4); cut > 0 && shape.length > 0; cut -= 1) {
    const axis = random.below(shape.length);
    boxes = boxes.flatMap((box) => {
      const size = box.shape[axis] ?? 0;
      const at = random.below(size + 1);
      return [
        { start: box.start, shape: box.shape.with(axis, at) },
        { start: box.start.with(axis, (box.start[axis] ?? 0) + at), shape: box.shape.with(axis, size - at) },
      ];
    });
  }
  return random.shuffled(boxes);
}

export function randomShape(random: Random): readonly number[] {
  return Array.from({ length: random.below(7) }, () => (random.below(20) === 0 ? 0 : random.pick([1, 1, 2, 3, 4, 5])));
}

export function randomView(random: Random, dtype: ReducibleDType, shape = randomShape(random)): View {
  const boxes = random.below(2) === 0 ? [undefined] : randomBoxes(random, shape);
  const laid = boxes.map((box) => {
    const of = box?.shape ?? shape;
    return { box, ...(random.below(4) === 0 ? {} : { strides: randomStrides(random, of) }), of };
  });
  const size = bitsOf(dtype) / 8;
  const badOneIn = random.pick([40, Infinity]);
  const file: Uint8Array[] = [];
  const decoded: Uint8Array[] = [];
  let offset = 0;
  const parts = laid.map(({ box, strides, of }): TensorPart => {
    const isView = box !== undefined || strides !== undefined;
    const span = spanOf(of, strides ?? rowMajor(of)) + (isView ? random.pick([0, 0, 3]) : 0);
    const bytes = storage(random, { dtype, elements: span, badOneIn });
    const isCoded = random.below(3) === 0;
    const stored = isCoded ? deflateSync(concat([random.bytes(3), bytes])) : bytes;
    const gap = random.bytes(random.below(9) * size);
    file.push(gap, stored);
    decoded.push(bytes);
    const part = {
      file: "t",
      offset: offset + gap.length,
      byteLength: stored.length,
      ...(box === undefined ? {} : { box }),
      ...(strides === undefined ? {} : { strides }),
    };
    offset += gap.length + stored.length;
    const codings = [{ kind: "zlib", decodedBytes: bytes.length + 3 } as const, { kind: "skip", bytes: 3 } as const];
    return isCoded ? { ...part, codings } : part;
  });
  return viewOf({ dtype, shape, parts }, concat(file), decoded);
}

export function viewOf(
  { dtype, shape, parts }: Pick<TensorEntry, "shape" | "parts"> & { readonly dtype: ReducibleDType },
  file: Uint8Array,
  decoded: readonly Uint8Array[],
): View {
  const entry = { name: "t", kind: "gradient", dtype, shape, elements: elementsOf(shape), file: "t", parts } as const;
  return { entry, file, decoded };
}

/** Elements from the first to the end of the last. */
export function spanOf(shape: readonly number[], strides: readonly number[]): number {
  return shape.includes(0) ? 0 : shape.reduce((span, size, axis) => span + (size - 1) * (strides[axis] ?? 0), 1);
}

export function rowMajor(shape: readonly number[]): number[] {
  return shape.map((_, axis) => elementsOf(shape.slice(axis + 1)));
}

/** What the definition says of a view, element by element. */
export function expectedOf(view: View): TensorStatistics {
  const found = { nan: 0, posInf: 0, negInf: 0 };
  let [l2, linf, first] = [0, 0, Infinity];
  for (const { index, value } of elementsIn(view)) {
    if (Number.isFinite(value)) {
      l2 = Math.hypot(l2, value);
      linf = Math.max(linf, Math.abs(value));
    } else {
      first = Math.min(first, index);
      found.nan += Number.isNaN(value) ? 1 : 0;
      found.posInf += value === Infinity ? 1 : 0;
      found.negInf += value === -Infinity ? 1 : 0;
    }
  }
  const bad = found.nan > 0 ? Number.NaN : Infinity;
  return first === Infinity
    ? { l2, linf, ...found, firstNonFinite: null }
    : { l2: bad, linf: bad, ...found, firstNonFinite: first };
}

/** Each element with its row-major index; of complex ones the modulus, an infinite one with its sign. */
export function* elementsIn({ entry, decoded }: View): Generator<{ readonly index: number; readonly value: number }> {
  const dtype = entry.dtype as ReducibleDType;
  const steps = rowMajor(entry.shape);
  for (const [at, { box, strides }] of entry.parts.entries()) {
    const { start, shape } = box ?? { start: entry.shape.map(() => 0), shape: entry.shape };
    const bytes = Uint8Array.from(decoded[at] ?? []);
    const values = decode({ dtype, bytes });
    const parts = dtype === "C64" ? new Float32Array(bytes.buffer) : [];
    const laid = strides ?? rowMajor(shape);
    const counters = shape.map(() => 0);
    for (let left = elementsOf(shape); left > 0; left -= 1) {
      const place = dot(counters, laid);
      const value = values[place] ?? Number.NaN;
      const isNegative = value === Infinity && parts[2 * place] === -Infinity;
      yield { index: dot(counters, steps) + dot(start, steps), value: isNegative ? -Infinity : value };
      advance(counters, shape);
    }
  }
}

function dot(left: readonly number[], right: readonly number[]): number {
  return left.reduce((sum, value, at) => sum + value * (right[at] ?? 0), 0);
}

/** The last axis runs fastest. */
function advance(counters: number[], shape: readonly number[]): void {
  for (let axis = counters.length - 1; axis >= 0; axis -= 1) {
    const next = (counters[axis] ?? 0) + 1;
    if (next < (shape[axis] ?? 0)) {
      counters[axis] = next;
      return;
    }
    counters[axis] = 0;
  }
}
