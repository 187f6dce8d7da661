import { createRequire } from "node:module";

/** Whether onnxruntime lies beside this program: packages for platforms that it has no binary for come without it. */
export function hasRuntime(): boolean {
  try {
    // Bundled there is no import.meta.
    createRequire(import.meta.filename ?? __filename).resolve("onnxruntime-node");
    return true;
  } catch {
    return false;
  }
}
