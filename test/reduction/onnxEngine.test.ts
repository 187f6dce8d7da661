import { afterEach, expect, test, vi } from "vitest";

import { createOnnxEngine } from "#reduction/onnxEngine.ts";

afterEach(() => vi.doUnmock("onnxruntime-node"));

test("a machine without the native binding gets one sentence, not an exception", async () => {
  vi.doMock("onnxruntime-node", () => {
    throw new Error("Cannot find module onnxruntime_binding.node\nRequire stack:\n- somewhere");
  });
  const outcome = await createOnnxEngine({ threads: 1 });
  expect(outcome).toEqual({
    kind: "unsupported",
    what: expect.stringMatching(/^onnxruntime does not run on this machine \(\w+ \w+\): .+$/) as string,
  });
});
