import { afterAll, beforeAll, expect, test } from "vitest";
import { withFallback } from "#reduction/fallbackEngine.ts";
import type { ReductionEngine } from "#reduction/engine.ts";
import { createOnnxEngine } from "#reduction/onnxEngine.ts";
import { createScriptEngine } from "#reduction/scriptEngine.ts";
import type { NormsPart } from "#protocol/normsPart.ts";
import { computeNorms } from "#worker/norms/computeNorms.ts";
import { computeShare } from "#worker/shares/computeShare.ts";
import { mergeParts } from "#worker/shares/mergeParts.ts";
import { createTestFolder } from "../support/testFolder.ts";
import { gradientLike, reduceBytes } from "../reduction/engines.ts";
import { bytesOf, safetensorsFile } from "../support/safetensors.ts";

// WebGPU through a real driver: the machine's own, or SwiftShader, which computes on the CPU what a GPU would.

const script = createScriptEngine();
let webgpu: ReductionEngine;

beforeAll(async () => {
  const outcome = await createOnnxEngine({ threads: 1, device: "webgpu" });
  if (outcome.kind !== "ok") {
    throw new Error(outcome.kind === "unsupported" ? outcome.what : outcome.kind);
  }
  webgpu = outcome.value;
});
afterAll(() => webgpu?.dispose());

const gradients = gradientLike(3_000_001);
const bfloat16 = Uint16Array.from(new Uint32Array(gradients.buffer), (bits) => bits >>> 16);
const broken = gradients.map((value, index) => (index === 1_234_567 ? Number.NaN : value));
const float16 = Uint16Array.from({ length: 200_000 }, (_, index) => (index * 7919) % 0x7c00);

test.each([
  { what: "float32 gradients", dtype: "F32", data: bytesOf(gradients) },
  { what: "bfloat16 gradients", dtype: "BF16", data: bytesOf(bfloat16) },
  { what: "float16, which the device may not know", dtype: "F16", data: bytesOf(float16) },
  { what: "values whose squares underflow float32", dtype: "F32", data: bytesOf(gradients.map((x) => x * 1e-25)) },
  { what: "values whose squares overflow float32", dtype: "F32", data: bytesOf(gradients.map((x) => x * 1e25)) },
] as const)("on the GPU, $what have the norm of float64 within 1e-7", async ({ dtype, data }) => {
  const [found, exact] = [await reduceBytes(webgpu, dtype, data), await reduceBytes(script, dtype, data)];
  expect(found).toEqual({ ...exact, l2: found.l2, linf: found.linf });
  expect(Math.abs(found.l2 / exact.l2 - 1)).toBeLessThan(1e-7);
  expect(Math.abs(found.linf / exact.linf - 1)).toBeLessThan(1e-6);
});

test("a NaN in mid-tensor is counted and found on the GPU too", async () => {
  expect(await reduceBytes(webgpu, "F32", bytesOf(broken))).toEqual({
    l2: Number.NaN,
    linf: Number.NaN,
    nan: 1,
    posInf: 0,
    negInf: 0,
    firstNonFinite: 1_234_567,
  });
});

test("a device lost in mid-tensor is told once, and the norm is still right", async () => {
  const told: unknown[] = [];
  let chunks = 0;
  const lost: ReductionEngine = {
    ...webgpu,
    reduce: async (chunk) => {
      chunks += 1;
      if (chunks > 1) {
        throw new Error("The device is lost.");
      }
      return webgpu.reduce(chunk);
    },
    dispose: async () => undefined,
  };
  const engine = withFallback(lost, script, (error) => told.push(error));
  const twoChunks = bytesOf(gradientLike(webgpu.staging.chunkElements("F32") + 1000));
  const [found, exact] = [await reduceBytes(engine, "F32", twoChunks), await reduceBytes(script, "F32", twoChunks)];
  expect(Math.abs(found.l2 / exact.l2 - 1)).toBeLessThan(1e-7);
  expect([told, chunks, engine.device]).toEqual([[new Error("The device is lost.")], 2, "cpu"]);
});

test("shares computed on the GPU, whose borders lie within tensors, give the bits of one run on it", async () => {
  const folder = await createTestFolder();
  try {
    const tensors = { a: gradients, "b.grad": broken };
    const entries = Object.entries(tensors).map(([name, values]) => {
      return [name, { dtype: "F32", shape: [values.length], data: bytesOf(values) }] as const;
    });
    const path = await folder.write("w.safetensors", safetensorsFile(Object.fromEntries(entries)));
    const options = { threads: 1, device: "webgpu", isFull: true } as const;
    const local = await computeNorms(path, options);
    const share = async (index: number): Promise<NormsPart> =>
      computeShare(path, { ...options, share: { index, count: 5 } });
    const merged = mergeParts([await share(4), await share(2), await share(5), await share(1), await share(3)]);
    expect(local.engine.device).toBe("webgpu");
    expect({ ...merged, seconds: 0 }).toEqual({ ...local, seconds: 0 });
  } finally {
    await folder.dispose();
  }
});
