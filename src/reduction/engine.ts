import type { DType } from "#core/dtype.ts";

import type { Device } from "#core/device.ts";
import type { Staging } from "./staging.ts";
import type { Statistics } from "./statistics.ts";

/** How the bits of F6 elements are packed into bytes is not specified by the format, so they have no norm. */
export type ReducibleDType = Exclude<DType, "F6_E2M3" | "F6_E3M2">;

/** A piece of one tensor, small enough to be reduced in one go. */
export interface Chunk {
  readonly dtype: ReducibleDType;
  /** Whole little-endian elements, starting at a multiple of their size in their ArrayBuffer; or whole blocks, anywhere. */
  readonly bytes: Uint8Array;
}

/**
 * Turns chunks into partial statistics; knows neither files nor tensors. The same chunk always gives the same bits, for any
 * number of threads. One tensor at a time: the staging memory is the engine's only one.
 */
export interface ReductionEngine {
  readonly name: "onnxruntime" | "simd" | "script";
  readonly device: Device;
  readonly threads: number;
  /** Memory the engine reads without copying; chunks should lie there. */
  readonly staging: Staging;
  readonly reduce: (chunk: Chunk) => Promise<Statistics>;
  readonly dispose: () => Promise<void>;
}

export function isReducible(dtype: DType): dtype is ReducibleDType {
  return dtype !== "F6_E2M3" && dtype !== "F6_E3M2";
}
