import process from "node:process";

/** One kind of load, put on a folder. Rejects as soon as a sample is missing or there twice. */
export type LoadPart = (folder: string) => Promise<LoadTable>;

export interface LoadTable {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
  readonly summary: string;
}

/** MiB of the process, after what is not needed any more was let go where Node was told so. */
export function residentMebibytes(): number {
  globalThis.gc?.();
  globalThis.gc?.(); // What lay in buffers is free with the second one.
  return process.memoryUsage.rss() / 2 ** 20;
}

/** MiB of all objects and buffers, but for what the allocator keeps for later. To be called after `residentMebibytes`. */
export function heldMebibytes(): number {
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return (heapUsed + arrayBuffers) / 2 ** 20;
}

/** MiB by which a line through the second half of the measurements rises over all of that half. */
export function riseOf(mebibytes: readonly number[]): number {
  const half = mebibytes.slice(mebibytes.length >> 1);
  const middle = (half.length - 1) / 2;
  const mean = half.reduce((sum, value) => sum + value, 0) / half.length;
  const products = half.reduce((sum, value, at) => sum + (at - middle) * (value - mean), 0);
  const squares = half.reduce((sum, _, at) => sum + (at - middle) ** 2, 0);
  return squares === 0 ? 0 : (products / squares) * (half.length - 1);
}
