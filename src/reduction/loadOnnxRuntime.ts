import type * as onnxruntime from "onnxruntime-node";

/**
 * Loads onnxruntime, and no earlier than somebody needs it. Rejects where its native binding does not run.
 *
 * Microsoft's builds for Linux and macOS (since 1.29) keep an identifier of the machine and send what sessions do to a
 * collector, unless this variable is there before they are loaded; then they make no file and no connection.
 */
export async function loadOnnxRuntime(): Promise<typeof onnxruntime> {
  process.env["ORT_DISABLE_TELEMETRY"] = "1";
  return import("onnxruntime-node");
}
