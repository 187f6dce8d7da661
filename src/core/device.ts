/** Where norms are computed. `cpu` is everywhere; the others need their hardware and onnxruntime's provider for it. */
export const DEVICES = ["cpu", "webgpu", "cuda", "dml", "coreml"] as const;

export type Device = (typeof DEVICES)[number];

/** What people can ask for; `auto` leaves the choice to Gradlens. */
export const ENGINE_CHOICES = ["auto", "onnxruntime", "simd"] as const;
export const DEVICE_CHOICES = ["auto", ...DEVICES] as const;

export type EngineChoice = (typeof ENGINE_CHOICES)[number];
export type DeviceChoice = (typeof DEVICE_CHOICES)[number];

/** What was measured of an engine on this machine, once. */
export interface EngineRate {
  readonly name: "onnxruntime" | "simd";
  readonly device: Device;
  /** Bytes of float32 in memory reduced in a second with the threads that a computation has; null when it was not measured. */
  readonly bytesPerSecond: number | null;
  /** Why it cannot be used or was not measured, as a sentence. */
  readonly note?: string;
}

/** The engines of this machine and which of them `auto` takes. */
export interface EngineReport {
  readonly chosen: { readonly name: string; readonly device: Device };
  readonly rates: readonly EngineRate[];
}

/** How norms shall be computed. */
export interface ComputeOptions {
  /** 0 leaves the choice to Gradlens: half of the cores, four at most. */
  readonly threads: number;
  readonly engine?: EngineChoice;
  readonly device?: DeviceChoice;
}
