import { expect, test } from "vitest";
import { toJson } from "#core/json.ts";

test.each([
  { value: [Number.NaN, Infinity, -Infinity], json: '["NaN","Infinity","-Infinity"]' },
  { value: { a: { b: Number.NaN } }, json: '{"a":{"b":"NaN"}}' },
  { value: Float64Array.of(1.5, Number.NaN, -Infinity), json: '[1.5,"NaN","-Infinity"]' },
  { value: new Float64Array(), json: "[]" },
  { value: [0, null, true, "NaN"], json: '[0,null,true,"NaN"]' },
  { value: { there: 1, missing: undefined }, json: '{"there":1}' },
])("$json is how numbers JSON lacks are written", ({ value, json }) => {
  expect(toJson(value)).toBe(json);
});

test("an indent breaks lines, in columns too", () => {
  expect(toJson({ values: Float64Array.of(1) }, 1)).toBe('{\n "values": [\n  1\n ]\n}');
});
