/** Where norms are computed. `cpu` is everywhere; the others need their hardware and onnxruntime's provider for it. */
export const DEVICES = ["cpu", "webgpu", "cuda", "dml", "coreml"] as const;

export type Device = (typeof DEVICES)[number];

/** What people can ask for; `auto` leaves the choice to Gradlens. */
export const ENGINE_CHOICES = ["auto", "onnxruntime", "simd"] as const;
export const DEVICE_CHOICES = ["auto", ...DEVICES] as const;

export type EngineChoice = (typeof ENGINE_CHOICES)[number];
export type DeviceChoice = (typeof DEVICE_CHOICES)[number];

/** How norms shall be computed. */
export interface ComputeOptions {
  /** 0 leaves the choice to Gradlens: half of the cores, four at most. */
  readonly threads: number;
  readonly engine?: EngineChoice;
  readonly device?: DeviceChoice;
}
