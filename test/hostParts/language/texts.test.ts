import { expect, test } from "vitest";
import { describeTensor, escapeMarkdown } from "#host/language/hoverText.ts";
import type { StoredFacts } from "#host/language/hoverText.ts";
import { sparklineSvg, sparklineUri } from "#host/language/sparkline.ts";
import type { TensorNorms } from "#core/tensor.ts";
import { FINITE_ALONE } from "../../support/statistics.ts";

const { NaN: nan } = Number;

test.each([
  { what: "a calm tensor", values: [0.5, 0.25, 1], share: 0.5234 },
  { what: "one with NaN, Inf and zeros", values: [1, nan, 0, 0, Infinity], share: null },
  { what: "one that is zero at last", values: [1, 0], share: 0 },
  { what: "one that is NaN throughout", values: [nan, nan], share: null },
  { what: "one without samples", values: [], share: null },
])("the hover of $what", ({ values, share }) => {
  const steps = Float64Array.from(values, (_, index) => 10 * (index + 1));
  const rank = share === null ? undefined : 3;
  const logged = { steps, values: Float64Array.from(values), isEstimate: false, share, rank, of: 41 };
  const facts = { runName: "char-transformer", logged, stored: [], update: undefined };
  expect(describeTensor(facts).join("\n")).toMatchSnapshot();
});

const NORMS: TensorNorms = {
  name: "h.0.weight",
  kind: "weight",
  dtype: "BF16",
  shape: [3, 4],
  elements: 12,
  file: "model.safetensors",
  l2: 2,
  linf: 1,
  rms: 0.577,
  ...FINITE_ALONE,
};
const STORED: StoredFacts = { norms: NORMS, checkpoint: "checkpoint-400" };
const UPDATE = { relative: 0.0123, perStep: null, before: "checkpoint-200", after: "checkpoint-400" };

test.each([
  { what: "is only in a checkpoint", stored: [STORED], update: undefined },
  {
    what: "has moments, zeros and broken elements there",
    stored: [
      { ...STORED, norms: { ...NORMS, kind: "moment1", shape: [], zeros: 7 } },
      { ...STORED, norms: { ...NORMS, kind: "gradient", l2: 0, rms: 0, nan: 1, posInf: 1, negInf: 1 } },
    ],
    update: undefined,
  },
  { what: "moved between checkpoints without known steps", stored: [], update: UPDATE },
  {
    what: "moved in 200 steps",
    stored: [],
    update: { ...UPDATE, perStep: { low: 0.0123 / 200, high: 0.0123 / Math.sqrt(200) } },
  },
] as const)("the hover of a tensor that $what", ({ stored, update }) => {
  const facts = { runName: "char-transformer", logged: undefined, stored, update };
  expect(describeTensor(facts).join("\n")).toMatchSnapshot();
});

test("of a very long series, the middle of its last 50,000 values is told", () => {
  const values = Float64Array.from({ length: 60_000 }, (_, index) => (index < 10_000 ? 1000 : 2));
  const logged = { steps: values, values, isEstimate: true, share: null, rank: undefined, of: 1 };
  expect(describeTensor({ runName: "r", logged, stored: [], update: undefined })).toEqual([
    "Gradient norm 2 (estimate) at step 2 of r",
    "median 2, p99 2, the last 50000 of 60000 points",
  ]);
});

test.each([
  { text: "h.0.attn_q", escaped: String.raw`h\.0\.attn\_q` },
  { text: "<img onerror=x>", escaped: String.raw`\<img onerror=x\>` },
  { text: "[a](command:x)\nb", escaped: String.raw`\[a\]\(command:x\) b` },
])("$text stays text in Markdown", ({ text, escaped }) => {
  expect(escapeMarkdown(text)).toBe(escaped);
});

test.each([
  { what: "nothing", values: [] },
  { what: "one value", values: [3] },
  { what: "a constant", values: [2, 2, 2] },
  { what: "four decades", values: [1, 10, 100, 1000, 10_000] },
  { what: "NaN, a zero and an infinity between values", values: [1, nan, 2, 0, 3, Infinity, 4, 5] },
  { what: "only zeros", values: [0, 0] },
  { what: "only NaN", values: [nan] },
])("the sparkline of $what", ({ values }) => {
  expect(sparklineSvg(Float64Array.from(values)).replaceAll("><", ">\n<")).toMatchSnapshot();
});

test("findings are triangles at the top of a sparkline, as far as it shows their values", () => {
  const values = Float64Array.from({ length: 201 }, (_, index) => 1 + (index % 7));
  const marks = (marked: readonly number[]): unknown => sparklineSvg(values, marked).match(/M[\d.]+ 5l-3 -5h6z/g);
  expect([marks([]), marks([0, 1, 200, 201])]).toEqual([null, ["M4.0 5l-3 -5h6z", "M236.0 5l-3 -5h6z"]]);
});

test("a sparkline shows the last 200 values", () => {
  const values = Float64Array.from({ length: 1000 }, (_, index) => 1 + (index % 7));
  expect(sparklineSvg(values)).toBe(sparklineSvg(values.slice(-200)));
});

test("a sparkline's URI is the picture in base64", () => {
  const [head, data = ""] = sparklineUri(Float64Array.of(1, 2)).split(",");
  expect([head, Buffer.from(data, "base64").toString()]).toEqual([
    "data:image/svg+xml;base64",
    sparklineSvg(Float64Array.of(1, 2)),
  ]);
});
