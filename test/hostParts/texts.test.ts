import { expect, test } from "vitest";
import { describeTensor } from "#host/hoverText.ts";
import { sparklineSvg, sparklineUri } from "#host/sparkline.ts";
import { normalizeName } from "#core/names/plainName.ts";
import { matchTensors, nameAt } from "#host/tensorNames.ts";

const { NaN: nan } = Number;

test.each([
  { what: "a calm tensor", values: [0.5, 0.25, 1], share: 0.5234 },
  { what: "one with NaN, Inf and zeros", values: [1, nan, 0, 0, Infinity], share: null },
  { what: "one that is zero at last", values: [1, 0], share: 0 },
  { what: "one that is NaN throughout", values: [nan, nan], share: null },
  { what: "one without samples", values: [], share: null },
])("the hover of $what", ({ values, share }) => {
  const steps = Float64Array.from(values, (_, index) => 10 * (index + 1));
  const facts = { tensor: "h.0.weight", runName: "char-transformer", steps, values: Float64Array.from(values), share };
  expect(describeTensor(facts).join("\n")).toMatchSnapshot();
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

const TENSORS = [
  "transformer.wte.weight",
  "transformer.h.0.ln_1.weight",
  "transformer.h.0.attn.c_proj.weight",
  "transformer.h.1.attn.c_proj.weight",
  "lm_head.weight",
];
const C_PROJ = "transformer.h.0.attn.c_proj.weight";

test.each([
  { text: C_PROJ, matches: [C_PROJ] },
  { text: "model.transformer.h[0].attn.c_proj.weight", matches: [C_PROJ] },
  { text: 'self.transformer.h[0].attn["c_proj"].weight', matches: [C_PROJ] },
  { text: "self.transformer['h'][0].attn.c_proj.weight", matches: [C_PROJ] },
  { text: "module.transformer.h.0.attn.c_proj.weight", matches: [C_PROJ] },
  { text: `grad_norm/${C_PROJ}`, matches: [C_PROJ] },
  { text: `train/grad_norm/${C_PROJ}`, matches: [C_PROJ] },
  { text: "transformer/h/0/attn/c_proj/weight", matches: [C_PROJ] },
  { text: `model.${C_PROJ}.grad`, matches: [C_PROJ] },
  { text: `${C_PROJ}.data`, matches: [C_PROJ] },
  { text: "self.attn.c_proj.weight", matches: [C_PROJ, "transformer.h.1.attn.c_proj.weight"] },
  { text: "attn.c_proj.weight", matches: [C_PROJ, "transformer.h.1.attn.c_proj.weight"] },
  { text: "model.lm_head.weight", matches: ["lm_head.weight"] },
  { text: "self.ln_1.weight", matches: ["transformer.h.0.ln_1.weight"] },
  { text: "self.h[0]", matches: [] },
  { text: "self.weight", matches: [] },
  { text: "proj.weight", matches: [] },
  { text: "head.weight", matches: [] },
  { text: "os.path.join", matches: [] },
])("$text means $matches", ({ text, matches }) => {
  expect(matchTensors(text, TENSORS)).toEqual(matches);
});

test.each([
  { text: "transformer.wte.weight", tensors: ["module.transformer.wte.weight"] },
  { text: "model.transformer.wte.weight", tensors: ["module.transformer.wte.weight"] },
  { text: "self.wte.weight", tensors: ["module.transformer.wte.weight"] },
  { text: "params.wte.kernel", tensors: ["params/wte/kernel"] },
])("$text is found among $tensors", ({ text, tensors }) => {
  expect(matchTensors(text, tensors)).toEqual(tensors);
});

test.each([
  { line: "x = model.h[0].attn.weight.grad + 1", character: 6, text: "model.h[0].attn.weight.grad" },
  { line: "x = model.h[0].attn.weight", character: 26, text: "model.h[0].attn.weight" },
  { line: '{"grad_norm/h.0.weight": 0.5}', character: 2, text: "grad_norm/h.0.weight" },
  { line: "a.b + c.d", character: 8, text: "c.d" },
  { line: "x = model", character: 5, text: undefined },
  { line: "a.b + c.d", character: 4, text: undefined },
  { line: "", character: 0, text: undefined },
])("at character $character of `$line` stands $text", ({ line, character, text }) => {
  const name = nameAt(line, character);
  expect([name?.text, name === undefined ? undefined : line.slice(name.start, name.end)]).toEqual([text, text]);
});

test("brackets, quotes and slashes are dots", () => {
  expect(normalizeName(`a[0]["b"]['c']/d.e`)).toBe("a.0.b.c.d.e");
});
