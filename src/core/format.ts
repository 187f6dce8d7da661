/** A norm for people: four significant digits, all of a loss scale such as 65536, `0` only for a true zero, NaN and ±Infinity by name. */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value) || value === 0) {
    return String(value);
  }
  const size = Math.abs(value);
  if (size < 1e-3 || size >= 1e5) {
    return value.toExponential(3);
  }
  return String(Number.isInteger(value) ? value : Number(value.toPrecision(4)));
}

/** A norm that may not have been measured. Zero, NaN and "not measured" read differently. */
export function formatNorm(norm: number | null | undefined): string {
  if (norm === undefined || norm === null) {
    return "not measured";
  }
  return norm === 0 ? "0 (no gradient)" : formatNumber(norm);
}

/** `1 line`, `3 lines`. */
export function formatCount(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** `12 %`. Only what is exactly none or all reads so. */
export function percent(share: number): string {
  if (share === 0) {
    return "none";
  }
  if (share > 0.99 && share < 1) {
    return `${Math.floor(1000 * share) / 10} %`;
  }
  return share < 0.001 ? "less than 0.1 %" : `${Number((100 * share).toPrecision(2))} %`;
}

/** `12 %`, `0.0034 %`: two significant digits, `0 %` only for none at all. */
export function percentInTwoDigits(share: number): string {
  return `${formatNumber(Number((100 * share).toPrecision(2)))} %`;
}

/** `1.23 GB`, in powers of 1000. */
export function formatBytes(bytes: number): string {
  const { size, name } = unitFor(bytes);
  return `${Number((bytes / size).toPrecision(3))} ${name}`;
}

/** The words around the numbers of a progress. */
export interface ProgressWords {
  readonly part: (done: string, total: string) => string;
  readonly left: (part: string, duration: string) => string;
}

const ENGLISH: ProgressWords = {
  part: (done, total) => `${done} of ${total}`,
  left: (part, duration) => `${part}, ${duration} left`,
};

/** `1.2 of 4.0 GB, 3 s left`; without the time while it is not known. */
export function formatProgress(
  progress: { readonly doneBytes: number; readonly totalBytes: number; readonly secondsLeft: number | null },
  words = ENGLISH,
): string {
  const { doneBytes, totalBytes, secondsLeft } = progress;
  const { size, name } = unitFor(totalBytes);
  const digits = size === 1 || totalBytes / size >= 100 ? 0 : 1;
  const inUnit = (bytes: number): string => (bytes / size).toFixed(digits);
  const part = words.part(inUnit(doneBytes), `${inUnit(totalBytes)} ${name}`);
  return secondsLeft === null ? part : words.left(part, formatDuration(secondsLeft));
}

/** In the largest unit of which there are two or more, rounded up: `90 s`, `3 min`. */
function formatDuration(seconds: number): string {
  if (seconds <= 120) {
    return `${Math.ceil(seconds)} s`;
  }
  return seconds <= 7200 ? `${Math.ceil(seconds / 60)} min` : `${Math.ceil(seconds / 3600)} h`;
}

function unitFor(bytes: number): { readonly size: number; readonly name: string } {
  const names = ["B", "kB", "MB", "GB", "TB"];
  const power = bytes < 1000 ? 0 : Math.min(names.length - 1, Math.floor(Math.log10(bytes) / 3));
  return { size: 1000 ** power, name: names[power] ?? "" };
}
