import type { ReadInto } from "#core/byteSource.ts";

import { type Layout, spanOf } from "./layout.ts";

/**
 * Brings elements that lie apart together: each call fills `target`, which is aligned to them, with the next ones. The
 * bytes between them are read as well, a window at a time, and never twice where the elements lie in ascending order.
 */
export function createGatherer(
  layout: Layout,
  elementBytes: number,
  read: ReadInto,
): (target: Uint8Array) => Promise<void> {
  const runs = runStarts(layout);
  const span = spanOf(layout);
  const unitBytes = Math.min(elementBytes, 4);
  const unitsPerElement = elementBytes / unitBytes;
  const bytes = new Uint8Array(Math.min(WINDOW_BYTES, span * elementBytes));
  const units = inUnits(bytes, unitBytes);
  const window = { start: 0, end: 0 };
  const run = { start: 0, left: 0 };

  async function moveWindow(): Promise<void> {
    window.start = run.start;
    window.end = Math.min(run.start + bytes.length / elementBytes, span);
    await read(bytes.subarray(0, (window.end - window.start) * elementBytes), window.start * elementBytes);
  }

  return async (target) => {
    const to = inUnits(target, unitBytes);
    for (let filled = 0; filled < to.length;) {
      if (run.left === 0) {
        run.start = runs.next().value ?? 0;
        run.left = layout.runLength;
      }
      if (run.start < window.start || run.start >= window.end) {
        await moveWindow();
      }
      const elements = Math.min(run.left, (to.length - filled) / unitsPerElement, window.end - run.start);
      const from = (run.start - window.start) * unitsPerElement;
      copy(units, from, { to, at: filled, count: elements * unitsPerElement });
      filled += elements * unitsPerElement;
      run.start += elements;
      run.left -= elements;
    }
  };
}

// A multiple of every element's size.
const WINDOW_BYTES = 1024 * 1024;

/** The first element of each run, the last dimension running fastest. */
function* runStarts({ outer }: Layout): Generator<number, undefined> {
  const counters = outer.map(() => 0);
  let start = 0;
  for (let axis = 0; axis >= 0;) {
    yield start;
    for (axis = outer.length - 1; axis >= 0; axis -= 1) {
      const { size, stride } = outer[axis] ?? { size: 1, stride: 0 };
      const count = (counters[axis] ?? 0) + 1;
      start += stride;
      if (count < size) {
        counters[axis] = count;
        break;
      }
      start -= size * stride;
      counters[axis] = 0;
    }
  }
  return undefined;
}

type Units = Uint8Array | Uint16Array | Uint32Array;

/** Bits as whole numbers of 1, 2 or 4 bytes: as floats a NaN might not stay what it is. */
function inUnits({ buffer, byteOffset, length }: Uint8Array, unitBytes: number): Units {
  switch (unitBytes) {
    case 1:
      return new Uint8Array(buffer, byteOffset, length);
    case 2:
      return new Uint16Array(buffer, byteOffset, length / 2);
    default:
      return new Uint32Array(buffer, byteOffset, length / 4);
  }
}

interface Copy {
  readonly to: Units;
  readonly at: number;
  readonly count: number;
}

function copy(source: Units, from: number, { to, at, count }: Copy): void {
  if (count > FEW_UNITS) {
    to.set(source.subarray(from, from + count), at);
    return;
  }
  for (let index = 0; index < count; index += 1) {
    to[at + index] = source[from + index] ?? 0;
  }
}

/** Fewer are faster one by one than with a call. */
const FEW_UNITS = 16;
