import { expect, test } from "vitest";
import { mlflow } from "#readers/logs/mlflow/mlflow.ts";
import type { FileText } from "#readers/logs/reader.ts";
import { metricLines } from "../../../support/mlflow.ts";
import type { Sample } from "../../../support/mlflow.ts";
import { samplesOf } from "../parsed.ts";
import type { Samples } from "../parsed.ts";

function file(key: string, text: string, firstLine = 0): FileText {
  return { path: `metrics/${key}`, text, firstLine };
}

function samples(text: string, key = "grad_norm"): Samples[string] | undefined {
  return samplesOf(mlflow.parse([file(key, text)], ""))[key];
}

test("a folder with MLflow's own names is a run of MLflow", () => {
  const names = ["artifacts", "meta.yaml", "metrics", "params", "tags"];
  expect([mlflow.recognises(names), mlflow.recognises(["meta.yaml", "metrics"])]).toEqual([true, false]);
});

test("a line is a time, a value and a step; what newer versions write behind is left", () => {
  expect(samples("1700000000000 1.5 3\n1700000001000 2e-05 4 dataset digest model\n")).toEqual([
    [3, 1.5, 0],
    [4, 2e-5, 1],
  ]);
});

test("NaN and infinities are values", () => {
  expect(
    samples(
      metricLines([
        [1, Number.NaN, 1],
        [2, Infinity, 2],
        [3, -Infinity, 3],
        [4, 0, 4],
      ]),
    ),
  ).toEqual([
    [1, Number.NaN, 0],
    [2, Infinity, 1],
    [3, -Infinity, 2],
    [4, 0, 3],
  ]);
});

test("samples keep their times and the file they stand in", () => {
  const { chunks } = mlflow.parse([file("train/grad_norm", "1700000000500 1 1\n")], "");
  expect(chunks).toEqual([
    {
      kind: "globalNorm",
      name: "train/grad_norm",
      tensor: null,
      file: "metrics/train/grad_norm",
      steps: Float64Array.of(1),
      values: Float64Array.of(1),
      lines: Float64Array.of(0),
      wallTimes: Float64Array.of(1_700_000_000.5),
    },
  ]);
});

test.each([
  { line: "no numbers", text: "abc def ghi\n" },
  { line: "a time alone", text: "1700000000000\n" },
  { line: "no step", text: "1700000000000 1.5 x\n" },
])("a line with $line is a problem of its file", ({ text }) => {
  const { problems, chunks } = mlflow.parse([file("loss", `1 1 1\n${text}2 2 2\n`)], "");
  expect([problems, chunks[0]?.steps]).toEqual([
    [{ line: 1, reason: 'metrics/loss: the line is not "<time> <value> <step>".' }],
    Float64Array.of(1, 2),
  ]);
});

test("samples that threads wrote out of order are put in order", () => {
  const shuffled: Sample[] = [
    [10, 1, 1],
    [30, 3, 3],
    [20, 2, 2],
    [50, 5, 5],
    [40, 4, 4],
  ];
  expect(samples(metricLines(shuffled))?.map(([step, , line]) => [step, line])).toEqual([
    [1, 0],
    [2, 2],
    [3, 1],
    [4, 4],
    [5, 3],
  ]);
});

test("a resumed training stays behind what it repeats: its steps are smaller, but later", () => {
  const resumed: Sample[] = [
    [10, 1, 100],
    [20, 1, 200],
    [30, 1, 150],
    [40, 1, 200],
  ];
  expect(samples(metricLines(resumed))?.map(([step]) => step)).toEqual([100, 200, 150, 200]);
});

test("a clock that goes back moves no sample while steps grow", () => {
  const clock: Sample[] = [
    [100, 1, 1],
    [20, 1, 2],
    [30, 1, 3],
  ];
  expect(samples(metricLines(clock))?.map(([step]) => step)).toEqual([1, 2, 3]);
});

test("samples without steps are counted, and people are told once", () => {
  const { chunks, problems } = mlflow.parse(
    [
      file(
        "loss",
        metricLines([
          [1, 5, 0],
          [2, 4, 0],
          [3, 3, 0],
        ]),
      ),
    ],
    "",
  );
  expect([chunks[0]?.steps, problems]).toEqual([
    Float64Array.of(0, 1, 2),
    [{ line: 0, reason: "loss was logged without steps; its samples are counted instead." }],
  ]);
});

test("a step of 0 that is followed by others is a step", () => {
  expect(
    samples(
      metricLines([
        [1, 5, 0],
        [2, 4, 10],
      ]),
    )?.map(([step]) => step),
  ).toEqual([0, 10]);
});

test("any split into appends gives the same samples, or asks for all of them again", () => {
  const lines = metricLines([
    ...Array.from({ length: 6 }, (_, at): Sample => [at, at, 0]),
    ...Array.from({ length: 20 }, (_, at): Sample => [100 + at, at / 3, 10 + at]),
    [115, 9, 25],
    [200, Number.NaN, 5],
    [210, 1, 6],
    [205, 1, 5],
  ]).split(/(?<=\n)/);
  const all = samples(lines.join(""));
  for (let cut = 0; cut <= lines.length; cut += 1) {
    const first = mlflow.parse([file("grad_norm", lines.slice(0, cut).join(""))], "");
    const second = mlflow.parse([file("grad_norm", lines.slice(cut).join(""), cut)], first.carry);
    const both = [...(samplesOf(first)["grad_norm"] ?? []), ...(samplesOf(second)["grad_norm"] ?? [])];
    expect([cut, second.isLate ? all : both]).toEqual([cut, all]);
  }
});

test("a parameter that names the clip threshold is read, others are not opened", () => {
  const { clipThreshold } = mlflow.parse([{ path: "params/max_grad_norm", text: "1.0", firstLine: 0 }], "");
  const growth = ["metrics/a/b", "params/max_grad_norm", "params/lr"].map((path) => mlflow.growthOf(path));
  expect([clipThreshold, growth]).toEqual([
    { value: 1, source: "params/max_grad_norm" },
    ["byLines", "byReplacement", "unread"],
  ]);
});

test("a series called __proto__ is one like any other", () => {
  const first = mlflow.parse([file("__proto__", "1 1 0\n")], "");
  const second = mlflow.parse([file("__proto__", "2 2 0\n", 1)], first.carry);
  expect(second.chunks[0]?.steps).toEqual(Float64Array.of(1));
});
