import { expect, test } from "vitest";
import { judgeNorms } from "#analysis/checkpoints/judgeNorms.ts";
import type { GlobalNorms, TensorKind, TensorNorms } from "#core/tensor.ts";

interface Given {
  readonly name: string;
  readonly kind?: TensorKind;
  readonly l2?: number;
  readonly nan?: number;
}

function tensor({ name, kind = "gradient", l2 = 1, nan = 0 }: Given): TensorNorms {
  const unmeasured = { l1: null, mean: null, zeros: null, histogram: null };
  const described = { name, kind, dtype: "F32", shape: [4], elements: 4, file: "g.safetensors" } as const;
  return { ...described, ...unmeasured, l2, linf: l2, rms: l2 / 2, nan, posInf: 0, negInf: 0, firstNonFinite: null };
}

function global(tensors: readonly TensorNorms[]): GlobalNorms {
  const nan = tensors.reduce((sum, one) => sum + one.nan, 0);
  const l2 = Math.sqrt(tensors.reduce((sum, one) => sum + one.l2 ** 2, 0));
  return { l2, linf: l2, rms: l2, elements: 4, tensors: tensors.length, nan, posInf: 0, negInf: 0 };
}

function judge(given: readonly Given[], limits: { maxNorm?: number; maxNan?: number } = {}): readonly object[] {
  const tensors = given.map(tensor);
  const kinds = [...new Set(tensors.map(({ kind }) => kind))];
  const globals = Object.fromEntries(kinds.map((kind) => [kind, global(tensors.filter((one) => one.kind === kind))]));
  return judgeNorms({ tensors, globals }, { maxNorm: undefined, maxNan: undefined, ...limits });
}

test("sound norms say nothing", () => {
  expect(judge([{ name: "a" }, { name: "b", kind: "weight", l2: 0 }])).toEqual([]);
});

test("broken tensors of all kinds are one finding that names the first five and their kinds", () => {
  const many = Array.from({ length: 7 }, (_, index) => ({ name: `h.${index}`, nan: 1, l2: Number.NaN }));
  expect(judge([{ name: "wte", kind: "weight", nan: 3, l2: Number.NaN }, ...many])).toEqual([
    {
      rule: "GN505",
      severity: "error",
      tensor: null,
      value: 10,
      limit: 0,
      message:
        "10 elements are NaN or infinite: wte (weight, 3), h.0 (gradient, 1), h.1 (gradient, 1), h.2 (gradient, 1), h.3 (gradient, 1) and 3 more tensors.",
    },
  ]);
});

test("one broken tensor is the finding's tensor", () => {
  expect(judge([{ name: "a", nan: 1, l2: Number.NaN }, { name: "b" }])).toMatchObject([
    { rule: "GN505", tensor: "a", message: "1 element is NaN or infinite: a (gradient, 1)." },
  ]);
});

test.each([
  { maxNan: 1, found: [] },
  { maxNan: 0, found: [{ rule: "GN602", value: 1, limit: 0 }] },
])("with $maxNan allowed, one NaN gives $found", ({ maxNan, found }) => {
  expect(judge([{ name: "a", nan: 1, l2: Number.NaN }], { maxNan })).toMatchObject(found);
});

test("gradients that are all zero are an error, weights that are zero are not", () => {
  expect(
    judge([
      { name: "a", l2: 0 },
      { name: "b", l2: 0 },
    ]),
  ).toMatchObject([{ rule: "GN206", severity: "error" }]);
});

test.each([
  { maxNorm: 5, found: [] },
  { maxNorm: 4.9, found: [{ rule: "GN601", value: 5, limit: 4.9 }] },
])("a global norm of 5 with a limit of $maxNorm gives $found", ({ maxNorm, found }) => {
  expect(
    judge(
      [
        { name: "a", l2: 3 },
        { name: "b", l2: 4 },
      ],
      { maxNorm },
    ),
  ).toMatchObject(found);
});

test("gradients that fall by orders of magnitude with depth are told", () => {
  const blocks = Array.from({ length: 10 }, (_, block) => ({
    name: `model.layers.${block}.mlp.weight`,
    l2: 10 ** -block,
  }));
  expect(judge(blocks)).toMatchObject([{ rule: "GN303", severity: "error" }]);
});
