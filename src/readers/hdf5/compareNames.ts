/** Numbers in names by their value: layers/2 before layers/10. The rest by the code of its letters, as HDF5 sorts. */
export function compareNames(a: string, b: string): number {
  const [left, right] = [partsOf(a), partsOf(b)];
  for (const [at, part] of left.entries()) {
    const other = right[at];
    const difference = other === undefined ? 1 : compareParts(part, other);
    if (difference !== 0) {
      return difference;
    }
  }
  return left.length - right.length;
}

function partsOf(name: string): readonly string[] {
  return name.match(/\d+|\D+/g) ?? [];
}

function compareParts(a: string, b: string): number {
  const areNumbers = /^\d/.test(a) && /^\d/.test(b);
  const difference = areNumbers ? Number(a) - Number(b) : 0;
  if (difference !== 0) {
    return difference;
  }
  return a === b ? 0 : a < b ? -1 : 1;
}
