import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, expect, test } from "vitest";

import { computeNorms } from "#worker/norms/computeNorms.ts";

import { runPython } from "../../../support/python.ts";

const folder = mkdtempSync(join(tmpdir(), "gradlens-torch-"));
afterAll(() => rmSync(folder, { recursive: true }));

type Truth = readonly [dtype: string, shape: readonly number[], norm: number];

interface Written {
  readonly version: string;
  /** By file and name. */
  readonly norms: Readonly<Record<string, Readonly<Record<string, Truth>>>>;
  /** The names of an optimizer's parameters, in their order. */
  readonly parameters: Readonly<Record<string, readonly string[]>>;
}

const written = runPython("writeTorch.py", folder) as Written;

test("torch wrote both forms of every type it has and of every optimizer", () => {
  const files = Object.keys(written.norms);
  const isOld = written.version.startsWith("1.");
  expect([files.length, Object.keys(written.parameters).length]).toEqual([isOld ? 24 + 36 : 40 + 36, 36]);
});

test.each(Object.entries(written.norms))(
  "%s as torch wrote it has torch's names, types, shapes and norms",
  async (file, truth) => {
    const { tensors } = await read(file);
    expect(tensors.map(({ name, dtype, shape }) => [name, dtype, shape])).toEqual(
      Object.entries(truth).map(([name, [dtype, shape]]) => [name, DTYPES[dtype], shape]),
    );
    const far = tensors.filter(({ name, l2 }) => !isNear(l2, truth[name]?.[2] ?? Number.NaN));
    expect(far).toEqual([]);
  },
);

const STEP = { step: "other" };
const MOMENTS = { exp_avg: "moment1", exp_avg_sq: "moment2" };

/** In the order in which torch keeps them, which is not always the same. */
const KINDS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  SGD: { momentum_buffer: "momentum" },
  Adam: { ...STEP, ...MOMENTS, max_exp_avg_sq: "other" },
  AdamW: { ...STEP, ...MOMENTS },
  Adagrad: { ...STEP, sum: "moment2" },
  RMSprop: { ...STEP, square_avg: "moment2", momentum_buffer: "momentum", grad_avg: "moment1" },
  Adadelta: { ...STEP, square_avg: "moment2", acc_delta: "other" },
  Adamax: { ...STEP, exp_avg: "moment1", exp_inf: "other" },
  NAdam: { ...STEP, mu_product: "other", ...MOMENTS },
  RAdam: { ...STEP, ...MOMENTS },
};

test.each(Object.entries(written.parameters))(
  "every state of %s has its kind and its parameter, also beside a best score",
  async (file, parameters) => {
    const { tensors, notes } = await read(file);
    const states = tensors.filter(({ name }) => name.startsWith("optimizer/state/"));
    const slots = KINDS[file.slice(0, file.indexOf("_"))] ?? {};
    const found = states.map(({ name, kind, parameter }) => `${name}: ${kind} of ${parameter}`);
    // A step may be a plain number, which is no tensor.
    const expected = parameters.flatMap((parameter, id) =>
      Object.entries(slots).map(([slot, kind]) => `optimizer/state/${id}/${slot}: ${kind} of ${parameter}`),
    );
    const isPlain = (state: string): boolean => /\/(step|mu_product): /.test(state) && !found.includes(state);
    expect(found.toSorted()).toEqual(expected.filter((state) => !isPlain(state)).toSorted());
    expect(tensors.find(({ name }) => name === "best")?.kind).toBe("other");
    expect(notes).toEqual(["States are named in the order of the model's weights; all shapes agree."]);
  },
);

async function read(file: string): ReturnType<typeof computeNorms> {
  return computeNorms(join(folder, file), { engine: "simd", threads: 1 });
}

/** Two orders of adding differ in the last digits. */
function isNear(norm: number, truth: number): boolean {
  return Math.abs(norm - truth) <= 1e-12 * truth;
}

const DTYPES: Readonly<Record<string, string>> = {
  "torch.float64": "F64",
  "torch.float32": "F32",
  "torch.float16": "F16",
  "torch.bfloat16": "BF16",
  "torch.complex128": "C128",
  "torch.complex64": "C64",
  "torch.complex32": "C32",
  "torch.float8_e4m3fn": "F8_E4M3",
  "torch.float8_e5m2": "F8_E5M2",
  "torch.float8_e4m3fnuz": "F8_E4M3FNUZ",
  "torch.float8_e5m2fnuz": "F8_E5M2FNUZ",
  "torch.int64": "I64",
  "torch.int32": "I32",
  "torch.int16": "I16",
  "torch.int8": "I8",
  "torch.uint64": "U64",
  "torch.uint32": "U32",
  "torch.uint16": "U16",
  "torch.uint8": "U8",
  "torch.bool": "BOOL",
};
