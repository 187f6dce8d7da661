import type { Box, TensorPart } from "#core/tensorPart.ts";

/**
 * Makes one part of the last two when both repeat the same element and their boxes are one box. Whether it did. In row-major
 * order boxes first become rows and then what rows make up, so few are left of any number.
 */
export function joinLast(parts: TensorPart[]): boolean {
  const [before, last] = parts.slice(-2);
  if (before?.box === undefined || last?.box === undefined || !isRepeated(before) || !isRepeated(last)) {
    return false;
  }
  const box = joinedBox(before.box, last.box);
  if (box === undefined || !isSameElement(before, last)) {
    return false;
  }
  parts.splice(-2, 2, { ...before, box });
  return true;
}

function isRepeated({ strides = [], byteLength }: TensorPart): boolean {
  return byteLength === 0 && strides.every((stride) => stride === 0);
}

/** The element lies in the index itself. */
function isSameElement({ codings: [a] = [] }: TensorPart, { codings: [b] = [] }: TensorPart): boolean {
  return a?.kind === "inline" && b?.kind === "inline" && a.base64 === b.base64;
}

/** Undefined unless the second goes on where the first ends, along one axis, and they agree in all others. */
function joinedBox(a: Box, b: Box): Box | undefined {
  const apart = a.start.flatMap((start, axis) =>
    start === b.start[axis] && a.shape[axis] === b.shape[axis] ? [] : [axis],
  );
  const [axis = -1, ...others] = apart;
  const [start = 0, size = 0] = [a.start[axis], a.shape[axis]];
  return axis === -1 || others.length > 0 || start + size !== b.start[axis]
    ? undefined
    : { start: a.start, shape: a.shape.map((own, at) => (at === axis ? size + (b.shape[at] ?? 0) : own)) };
}
