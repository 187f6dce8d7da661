import { expect, test } from "vitest";
import { csv } from "#readers/logs/csv/csv.ts";
import { parseAll, parseInTwo, samplesOf } from "../parsed.ts";

test.each([
  { table: "commas", text: "step,grad_norm\n1,2.5\n", grad_norm: [[1, 2.5, 1]] },
  { table: "semicolons and decimal commas", text: "step;grad_norm\n1;2,5\n", grad_norm: [[1, 2.5, 1]] },
  { table: "decimal commas everywhere", text: "step;grad_norm\n1,0;1.234,5\n", grad_norm: [[1, 1234.5, 1]] },
  { table: "tabs", text: "step\tgrad_norm\n1\t2.5\n", grad_norm: [[1, 2.5, 1]] },
  { table: "padded names", text: " step , grad_norm \r\n 1 , 2.5 \r\n", grad_norm: [[1, 2.5, 1]] },
  { table: "quotes", text: '"step","a,b","grad_norm"\n1,"[1, 2]",2.5\n', grad_norm: [[1, 2.5, 1]] },
  { table: "missing cells", text: "step,grad_norm\n1,\n2,NA\n3,0\n", grad_norm: [[3, 0, 3]] },
  {
    table: "broken norms",
    text: "step,grad_norm\n1,nan\n2,-inf\n",
    grad_norm: [
      [1, Number.NaN, 1],
      [2, -Infinity, 2],
    ],
  },
  {
    table: "its header again",
    text: "step,grad_norm\n1,2\nstep,grad_norm\n1,3\n",
    grad_norm: [
      [1, 2, 1],
      [1, 3, 3],
    ],
  },
  {
    table: "another header",
    text: "step,grad_norm\n1,2\nstep,loss,grad_norm\n2,9,3\n",
    grad_norm: [
      [1, 2, 1],
      [2, 3, 3],
    ],
  },
  { table: "an epoch and a step", text: "epoch,step,grad_norm\n0,49,2\n", grad_norm: [[49, 2, 1]] },
  {
    table: "DVCLive's table of one metric",
    text: "step\tgrad_norm\n0\t3.5\n1\tnan\n",
    grad_norm: [
      [0, 3.5, 1],
      [1, Number.NaN, 2],
    ],
  },
  {
    table: "Stable-Baselines3's clock",
    text: "time/iterations,time/total_timesteps,grad_norm\n1,2048,2\n",
    grad_norm: [[2048, 2, 1]],
  },
  { table: "an epoch alone", text: "epoch,grad_norm\n0,2\n", grad_norm: [[0, 2, 1]] },
  { table: "a comment", text: "# run 7\nstep,grad_norm\n1,2\n", grad_norm: [[1, 2, 2]] },
])("a table with $table gives $grad_norm", ({ text, grad_norm }) => {
  const parsed = parseAll(csv, text);
  expect([samplesOf(parsed)["grad_norm"], parsed.problems]).toEqual([grad_norm, []]);
});

test("sparse rows of Lightning give each series its own steps", () => {
  const text = "epoch,grad_2.0_norm/fc.weight,step,train_loss_step,val_loss\n0,1.5,49,2.5,\n0,,49,,3\n";
  const { chunks } = parseAll(csv, text);
  expect(chunks.map(({ kind, name, tensor, steps, values }) => [kind, name, tensor, [...steps], [...values]])).toEqual([
    ["other", "epoch", null, [49, 49], [0, 0]],
    ["tensorNorm", "grad_2.0_norm/fc.weight", "fc.weight", [49], [1.5]],
    ["loss", "train_loss_step", null, [49], [2.5]],
    ["loss", "val_loss", null, [49], [3]],
  ]);
});

test("rows of another width or without a step are reported", () => {
  const parsed = parseAll(csv, "step,loss\n1\n1,2,3\n,4\n5,6\n");
  expect([samplesOf(parsed), parsed.problems]).toEqual([
    { loss: [[5, 6, 4]] },
    [
      { line: 1, reason: "The row has 1 cells, its header 2." },
      { line: 2, reason: "The row has 3 cells, its header 2." },
      { line: 3, reason: "The row has no step and was left out." },
    ],
  ]);
});

test("a table cut anywhere gives the same samples", () => {
  const text = 'step,"ä",loss\r\n1,€,2\r\n\n2,"x, y",nan\n3,,4\n';
  const bytes = Buffer.from(text);
  const whole = samplesOf(parseAll(csv, text));
  for (let cut = 0; cut <= bytes.length; cut += 1) {
    expect([cut, parseInTwo(csv, bytes, cut)]).toEqual([cut, whole]);
  }
});

test("Keras' epochs are an axis of their own, and its NA is no value", () => {
  const text = 'epoch,accuracy,loss,lr,val_loss\n0,0.5,2.5,0.001,NA\n1,"[0.5, 0.6]",2.25,0.001,3\n';
  const { chunks, problems } = parseAll(csv, text);
  expect([chunks.map(({ name, axis, steps }) => [name, axis, ...steps]), problems]).toEqual([
    [
      ["accuracy", "epochs", 0],
      ["loss", "epochs", 0, 1],
      ["lr", "epochs", 0, 1],
      ["val_loss", "epochs", 1],
    ],
    [],
  ]);
});

test.each([
  { cell: "0.0000", resolution: 0.00005 },
  { cell: "0,000", resolution: 0.0005 },
  { cell: "0.0", resolution: undefined },
  { cell: "1.25", resolution: undefined },
])("a cell with $cell is known to within $resolution", ({ cell, resolution }) => {
  expect(parseAll(csv, `step;grad_norm\n1;${cell}\n`).chunks[0]?.resolution).toBe(resolution);
});

test("a step that is too large for a number is none", () => {
  const { chunks, problems } = parseAll(csv, "step,loss\n1e999,2\n2,3\n");
  expect([samplesOf({ chunks }), problems]).toEqual([
    { loss: [[2, 3, 2]] },
    [{ line: 1, reason: "The row has no step and was left out." }],
  ]);
});
