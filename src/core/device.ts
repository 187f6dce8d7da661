/** Where norms are computed. `cpu` is everywhere; the others need their hardware and onnxruntime's provider for it. */
export const DEVICES = ["cpu", "webgpu", "cuda", "dml", "coreml"] as const;

export type Device = (typeof DEVICES)[number];
