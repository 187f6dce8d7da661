/** A norm for people: four significant digits, `0` only for a true zero, NaN and ±Infinity by name. */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value) || value === 0) {
    return String(value);
  }
  const size = Math.abs(value);
  return size >= 1e-3 && size < 1e5 ? String(Number(value.toPrecision(4))) : value.toExponential(3);
}

/** A norm that may not have been measured. Zero, NaN and "not measured" read differently. */
export function formatNorm(norm: number | null | undefined): string {
  if (norm === undefined || norm === null) {
    return "not measured";
  }
  return norm === 0 ? "0 (no gradient)" : formatNumber(norm);
}

export function formatBytes(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  const power = bytes < 1000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
  return `${Number((bytes / 1000 ** power).toPrecision(3))} ${units[power] ?? ""}`;
}
