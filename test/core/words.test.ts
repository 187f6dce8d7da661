import { expect, test } from "vitest";
import { bitsOf, isDType, isFloating } from "#core/dtype.ts";
import { createAnnouncer } from "#core/event.ts";
import { createSampleCollector } from "#core/series.ts";
import type { SeriesKey } from "#core/series.ts";

test.each([
  { name: "F32", known: true },
  { name: "BF16", known: true },
  { name: "f32", known: false },
  { name: "toString", known: false },
])("that $name is an element type is $known", ({ name, known }) => {
  expect(isDType(name)).toBe(known);
});

test.each([
  { dtype: "F4", bits: 4, floating: true },
  { dtype: "F8_E8M0", bits: 8, floating: true },
  { dtype: "BF16", bits: 16, floating: true },
  { dtype: "C64", bits: 64, floating: true },
  { dtype: "BOOL", bits: 8, floating: false },
  { dtype: "I64", bits: 64, floating: false },
] as const)("$dtype has $bits bits and can be a gradient: $floating", ({ dtype, bits, floating }) => {
  expect([bitsOf(dtype), isFloating(dtype)]).toEqual([bits, floating]);
});

test("a listener hears facts until it is disposed", () => {
  const heard: string[] = [];
  const { on, announce } = createAnnouncer<string>();
  const first = on((fact) => heard.push(`first ${fact}`));
  on((fact) => heard.push(`second ${fact}`));
  announce("a");
  first.dispose();
  first.dispose();
  announce("b");
  expect(heard).toEqual(["first a", "second a", "second b"]);
});

test("samples are gathered by series in the order the log gives them", () => {
  const norm: SeriesKey = { kind: "globalNorm", name: "grad_norm", tensor: null };
  const loss: SeriesKey = { kind: "loss", name: "loss", tensor: null };
  const collector = createSampleCollector();
  collector.columnOf(norm).add(1, 2, 0);
  collector.columnOf(loss).add(1, 4, 0);
  collector.columnOf(norm).add(2, Number.NaN, 1);
  collector.columnOf({ kind: "other", name: "nothing", tensor: null });
  expect(collector.finish()).toEqual([
    { ...norm, steps: Float64Array.of(1, 2), values: Float64Array.of(2, Number.NaN), lines: Float64Array.of(0, 1) },
    { ...loss, steps: Float64Array.of(1), values: Float64Array.of(4), lines: Float64Array.of(0) },
  ]);
});

test("a column of many samples keeps them all, and the coarsest resolution they were printed with", () => {
  const collector = createSampleCollector();
  const column = collector.columnOf({ kind: "globalNorm", name: "norm", tensor: null });
  const steps = Float64Array.from({ length: 1000 }, (_, step) => step);
  for (const step of steps) {
    column.add(step, step * 2, step);
    column.noteResolution(step === 7 ? 0.05 : 0.005);
  }
  expect(collector.finish()).toEqual([
    {
      kind: "globalNorm",
      name: "norm",
      tensor: null,
      steps,
      values: steps.map((step) => step * 2),
      lines: steps,
      resolution: 0.05,
    },
  ]);
});
