/** The platforms with a package of their own, and the files of onnxruntime-node that each needs; all others run on WebAssembly. */
export const TARGETS = {
  "linux-x64": ["linux/x64/libonnxruntime.so.1", "linux/x64/onnxruntime_binding.node"],
  "linux-arm64": ["linux/arm64/libonnxruntime.so.1", "linux/arm64/onnxruntime_binding.node"],
  // The same library lies there under a second name, which nothing loads.
  "darwin-arm64": ["darwin/arm64/libonnxruntime.1.dylib", "darwin/arm64/onnxruntime_binding.node"],
  // DirectML and the shader compiler are loaded when first used: from the system, if it has them.
  "win32-x64": ["win32/x64/onnxruntime.dll", "win32/x64/onnxruntime_binding.node"],
  "win32-arm64": ["win32/arm64/onnxruntime.dll", "win32/arm64/onnxruntime_binding.node"],
};
