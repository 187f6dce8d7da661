import type { Device } from "#core/device.ts";
import { messageOf } from "#core/messageOf.ts";
import { t } from "@vscode/l10n";

/** Why a device cannot be used, in a sentence or two for people: what is missing, and where it can be had. */
export function describeDeviceFailure(device: Device, error: unknown): string {
  const reason = reasonOf(error);
  if (device === "cuda" && /load (shared )?library/i.test(reason)) {
    return t(
      "The device cuda cannot be used: libonnxruntime_providers_cuda.so or libonnxruntime_providers_shared.so is missing beside onnxruntime's binding. Both are in the NuGet package Microsoft.ML.OnnxRuntime.Gpu.Linux of the same version, for CUDA 12.",
    );
  }
  if (/backend not found/.test(reason)) {
    return t(
      "The device {0} cannot be used: onnxruntime has no {0} on {1} {2}.",
      device,
      process.platform,
      process.arch,
    );
  }
  return t("The device {0} cannot be used: {1}", device, reason);
}

/** Without the source location and condition that onnxruntime puts before its reason. */
function reasonOf(error: unknown): string {
  const [line = ""] = messageOf(error).trim().split("\n", 1);
  const reason = line.split(" was false. ").at(-1) ?? line;
  return reason.endsWith(".") ? reason : `${reason}.`;
}
