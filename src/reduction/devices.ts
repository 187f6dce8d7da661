import type { Device } from "#core/device.ts";

/** Why a device cannot be used, in a sentence or two for people: what is missing, and where it can be had. */
export function describeDeviceFailure(device: Device, error: unknown): string {
  const reason = reasonOf(error);
  if (device === "cuda" && /load (shared )?library/i.test(reason)) {
    return (
      "The device cuda cannot be used: libonnxruntime_providers_cuda.so or libonnxruntime_providers_shared.so is missing beside onnxruntime's binding. " +
      "Both are in the NuGet package Microsoft.ML.OnnxRuntime.Gpu.Linux of the same version, for CUDA 12."
    );
  }
  if (/backend not found/.test(reason)) {
    return `The device ${device} cannot be used: onnxruntime has no ${device} on ${process.platform} ${process.arch}.`;
  }
  return `The device ${device} cannot be used: ${reason}`;
}

/** Without the source location and condition that onnxruntime puts before its reason. */
function reasonOf(error: unknown): string {
  const [line = ""] = (error instanceof Error ? error.message : String(error)).trim().split("\n", 1);
  const reason = line.split(" was false. ").at(-1) ?? line;
  return reason.endsWith(".") ? reason : `${reason}.`;
}
