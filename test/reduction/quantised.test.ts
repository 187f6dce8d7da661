import { expect, test } from "vitest";

import { blockOf, type QuantisedDType } from "#core/dtype.ts";
import { decode } from "#reduction/decode.ts";
import type { ReductionEngine } from "#reduction/engine.ts";
import { dequantise } from "#reduction/quantised/dequantise.ts";
import { createScriptEngine } from "#reduction/scriptEngine.ts";
import { createStaging } from "#reduction/staging.ts";

import { concat } from "../support/safetensors.ts";
import { normOfValues, reduceBytes, simdEngine } from "./engines.ts";

const script = createScriptEngine();

/** What the Python package gguf 0.19 makes of the same bytes: dequantised to float32, summed in float64. */
const BLOCKS = [
  { dtype: "Q4_0", scales: [0], l2: 3.6432837408785064, sum: -0.7998046875, last: -0.199951171875 },
  { dtype: "Q4_1", scales: [0, 2], l2: 5.806335529738371, sum: 37.2908935546875, last: 0.4998779296875 },
  { dtype: "Q5_0", scales: [0], l2: 6.932281464517387, sum: -4.198974609375, last: 0.8997802734375 },
  { dtype: "Q5_1", scales: [0, 2], l2: 12.894912929022775, sum: 88.978271484375, last: 1.0997314453125 },
  { dtype: "Q8_0", scales: [0], l2: 58.341900813052376, sum: 32.7919921875, last: -5.8985595703125 },
  { dtype: "Q2_K", scales: [80, 82], l2: 58.1097289347967, sum: 1115.8275146484375, last: 0.6998291015625 },
  { dtype: "Q3_K", scales: [108], l2: 101.39791851291503, sum: 158.961181640625, last: -2.999267578125 },
  { dtype: "Q4_K", scales: [0, 2], l2: 864.1472051752509, sum: 15436.9302978515625, last: 30.6925048828125 },
  { dtype: "Q5_K", scales: [0, 2], l2: 1435.2846831112083, sum: 25014.1915283203125, last: 28.6929931640625 },
  { dtype: "Q6_K", scales: [208], l2: 3061.687023564345, sum: -3242.208251953125, last: 2.6993408203125 },
  { dtype: "IQ4_NL", scales: [0], l2: 53.1158348461954, sum: -1.4996337890625, last: -2.199462890625 },
  { dtype: "IQ4_XS", scales: [0], l2: 3626.630495828776, sum: -3196.619384765625, last: 106.3740234375 },
  { dtype: "TQ1_0", scales: [52], l2: 1.8730420022051837, sum: -2.6993408203125, last: 0.0 },
  { dtype: "TQ2_0", scales: [64], l2: 2.7814063285440604, sum: 24.39404296875, last: 0.0999755859375 },
  { dtype: "MXFP4", scales: [], l2: 10.43955818030629, sum: -5.375, last: -2.0 },
  { dtype: "NVFP4", scales: [], l2: 41.82625298911919, sum: -3.4189453125, last: -2.25 },
  { dtype: "IQ1_S", scales: [0], l2: 17.12824267642934, sum: 31.392333984375, last: -0.4373931884765625 },
  { dtype: "IQ1_M", scales: [], l2: 7731.306685077955, sum: -1174.9921875, last: -67.6484375 },
  { dtype: "IQ2_XXS", scales: [0], l2: 124.659282463718, sum: 28.5805206298828125, last: 8.060531616210938 },
  { dtype: "IQ2_XS", scales: [0], l2: 151.27073976577765, sum: -140.240753173828125, last: -2.4993896484375 },
  { dtype: "IQ2_S", scales: [0], l2: 127.48586004936388, sum: 8.910324096679688, last: -2.6993408203125 },
  { dtype: "IQ3_XXS", scales: [0], l2: 377.4092769570067, sum: 232.89312744140625, last: 7.6981201171875 },
  { dtype: "IQ3_S", scales: [0], l2: 296.85955292277606, sum: 200.35107421875, last: 14.2965087890625 },
  { dtype: "Q8_K", scales: [], l2: Math.sqrt(q8Squares()), sum: q8Sum(), last: 25 },
] as const;

test.each(BLOCKS)("blocks of $dtype hold the numbers that ggml's own library reads", async (block) => {
  const { dtype, l2, sum, last } = block;
  const bytes = blocksOf(dtype, block.scales);
  const values = [...dequantise(dtype, bytes)];
  expect({ last: values.at(-1), sum: values.reduce((total, value) => total + value, 0) }).toEqual({ last, sum });
  expect((await reduceBytes(script, dtype, bytes)).l2 / l2).toBeCloseTo(1, 14);
  expect(decode({ dtype, bytes })).toEqual(Float32Array.from(values));
});

test.each(BLOCKS)(
  "$dtype in chunks of 256 elements, unaligned, has the norm it has in one",
  async ({ dtype, scales }) => {
    const bytes = concat(Array.from({ length: 40 }, () => blocksOf(dtype, scales)));
    const small = createStaging({ bytes: 512, elements: 256 });
    const whole = await reduceBytes(script, dtype, bytes);
    const cut = await reduceBytes({ ...script, staging: small } satisfies ReductionEngine, dtype, bytes, 3);
    const simd = await simdEngine();
    expect(cut.l2 / whole.l2).toBeCloseTo(1, 14);
    expect({ ...cut, l2: 0 }).toEqual({ ...whole, l2: 0 });
    expect(await reduceBytes(simd, dtype, bytes, 5)).toEqual(whole);
  },
);

test("a block whose scale is NaN has NaN elements, and the first is where the block starts", async () => {
  const good = blocksOf("Q8_0", [0]);
  const bytes = concat([...Array.from({ length: 600 }, () => good), Uint8Array.of(0, 0x7e), good.subarray(2)]);
  const { nan, firstNonFinite, l2 } = await reduceBytes(script, "Q8_0", bytes);
  expect({ nan, firstNonFinite, l2 }).toEqual({ nan: 32, firstNonFinite: 1200 * 32, l2: Number.NaN });
});

test("a block of Q1_0 has a bit for the sign of each element, lowest first, as ggml's C reads it", () => {
  const values = dequantise("Q1_0", Uint8Array.of(0, 0x38, 0b101, ...Array.from({ length: 15 }, () => 0xff)));
  expect([values.length, ...values.slice(0, 9)]).toEqual([128, 0.5, -0.5, 0.5, -0.5, -0.5, -0.5, -0.5, -0.5, 0.5]);
});

test.each([
  { dtype: "I4", values: [-8, 7, -1, 0] },
  { dtype: "U4", values: [8, 7, 15, 0] },
] as const)("$dtype has two integers in a byte, the first in the low half", async ({ dtype, values }) => {
  const bytes = Uint8Array.of(0x78, 0x0f);
  expect(Array.from(decode({ dtype, bytes }))).toEqual(values);
  const { l2, linf } = await reduceBytes(script, dtype, bytes);
  expect({ l2, linf }).toEqual({ l2: normOfValues(values), linf: Math.max(...values.map(Math.abs)) });
});

/** Two blocks of bytes that vary, with scales of 0.1 and minima of -0.2 where the type has them. */
function blocksOf(dtype: QuantisedDType, scales: readonly number[]): Uint8Array {
  const { bytes: size } = blockOf(dtype);
  const bytes = Uint8Array.from({ length: 2 * size }, (_, index) => ((index * index * 7 + index * 13 + 5) >> 3) & 255);
  for (const block of [0, 1]) {
    const at = block * size;
    scales.forEach((scale, index) => bytes.set(index === 0 ? [0x66, 0x2e] : [0x66, 0xb2], at + scale));
    if (dtype === "MXFP4") {
      bytes[at] = 125 + block;
    }
    if (dtype === "NVFP4") {
      bytes.set([0x38, 0x07, 0x7f, 0x41], at);
    }
    if (dtype === "Q8_K") {
      bytes.set([0, 0, 0, 0x3f], at); // 0.5
    }
  }
  return bytes;
}

/** ggml's package has no Q8_K; its elements are half of the bytes after the scale. */
function q8Values(): number[] {
  const bytes = blocksOf("Q8_K", []);
  return [0, 292].flatMap((at) => Array.from(new Int8Array(bytes.buffer, at + 4, 256), (value) => value / 2));
}

function q8Squares(): number {
  return q8Values().reduce((sum, value) => sum + value * value, 0);
}

function q8Sum(): number {
  return q8Values().reduce((sum, value) => sum + value, 0);
}
