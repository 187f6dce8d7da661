import { expect, test } from "vitest";
import { describeDeviceFailure } from "#reduction/devices.ts";
import { createOnnxEngine } from "#reduction/onnxEngine.ts";

test.each([
  {
    device: "webgpu",
    error: new Error(
      "/onnxruntime_src/webgpu_context.cc:136 Initialize() adapter_result.status == Success was false. Failed to get a WebGPU adapter: No supported adapters\n",
    ),
    sentence: "The device webgpu cannot be used: Failed to get a WebGPU adapter: No supported adapters.",
  },
  {
    device: "cuda",
    error: new Error("OrtSessionOptionsAppendExecutionProvider_Cuda: Failed to load shared library"),
    sentence:
      "The device cuda cannot be used: libonnxruntime_providers_cuda.so or libonnxruntime_providers_shared.so is missing beside onnxruntime's binding. " +
      "Both are in the NuGet package Microsoft.ML.OnnxRuntime.Gpu.Linux of the same version, for CUDA 12.",
  },
  {
    device: "coreml",
    error: new Error("no available backend found. ERR: [coreml] backend not found."),
    sentence: `The device coreml cannot be used: onnxruntime has no coreml on ${process.platform} ${process.arch}.`,
  },
  { device: "dml", error: "lost", sentence: "The device dml cannot be used: lost." },
] as const)("a failure of $device is a sentence for people", ({ device, error, sentence }) => {
  expect(describeDeviceFailure(device, error)).toBe(sentence);
});

test("a device of another platform is unsupported, not an exception", async () => {
  const device = process.platform === "darwin" ? "dml" : "coreml";
  expect(await createOnnxEngine({ threads: 1, device })).toEqual({
    kind: "unsupported",
    what: `The device ${device} cannot be used: onnxruntime has no ${device} on ${process.platform} ${process.arch}.`,
  });
});
