import { expect, test } from "vitest";
import { huggingFaceConsole } from "#readers/logs/huggingFace/console.ts";
import { parseAll, parseInTwo, samplesOf } from "../parsed.ts";

function bar(step: number, total: number): string {
  return `\r  1%|▍   | ${step}/${total} [00:35<1:11:19, 35.96s/it]`;
}

test.each([
  { line: "version 4", dict: "{'loss': 1.5, 'grad_norm': 2.0, 'epoch': 0.03}", grad_norm: [[3, 2, 0]] },
  { line: "version 5", dict: "{'loss': '1.5', 'grad_norm': '2.5e-05', 'epoch': '0.03'}", grad_norm: [[3, 2.5e-5, 0]] },
  { line: "nan", dict: "{'loss': 0.0, 'grad_norm': nan, 'epoch': 0.03}", grad_norm: [[3, Number.NaN, 0]] },
  { line: "quoted inf", dict: "{'loss': '0', 'grad_norm': 'inf', 'epoch': '0.03'}", grad_norm: [[3, Infinity, 0]] },
  { line: "numpy numbers", dict: "{'grad_norm': np.float64(2.5), 'epoch': 1}", grad_norm: [[3, 2.5, 0]] },
  { line: "None", dict: "{'loss': 1, 'grad_norm': None, 'epoch': 1}", grad_norm: undefined },
  { line: "a list before it", dict: "{'l': [1, 2], 'grad_norm': 1.5, 'epoch': 1}", grad_norm: [[3, 1.5, 0]] },
])("a dict of $line after a bar gives $grad_norm", ({ dict, grad_norm }) => {
  const text = `${bar(2, 120)}${bar(3, 120)}\r        \r${dict}\n`;
  expect(samplesOf(parseAll(huggingFaceConsole, text))["grad_norm"]).toEqual(grad_norm);
});

test("the bars of evaluation and of data loading are not training's", () => {
  const text = [
    `Map: 100%|████| 5000/5000 [00:01<00:00, 1.2it/s]`,
    `${bar(0, 120)}${bar(10, 120)}\r {'loss': 1.5, 'epoch': 0.1}`,
    `${bar(1, 7)}${bar(7, 7)}`,
    `\r {'eval_loss': 2.5, 'eval_runtime': 3, 'epoch': 0.1}`,
    `${bar(20, 120)}\r {'loss': 1.25, 'epoch': 0.2}`,
  ].join("\n");
  const { loss, eval_loss } = samplesOf(parseAll(huggingFaceConsole, text));
  expect({ loss, eval_loss }).toEqual({
    loss: [
      [10, 1.5, 1],
      [20, 1.25, 4],
    ],
    eval_loss: [[10, 2.5, 3]],
  });
});

test("colours and rank prefixes do not hide bars and dicts", () => {
  const text = `[rank0]: \u001b[32m  1%|▍ | 3/120 [00:01<00:02, 1it/s]\u001b[0m\r\u001b[A\u001b[1m{'loss': 1.5, 'epoch': 1}\u001b[0m\n`;
  expect(samplesOf(parseAll(huggingFaceConsole, text))["loss"]).toEqual([[3, 1.5, 0]]);
});

test("without any bar rows are at their epochs, and one without an epoch is a problem", () => {
  const rows = "{'loss': '1.5', 'grad_norm': nan, 'epoch': '5e-05'}\n{'loss': 1.25, 'epoch': 0.02}\n{'loss': 1}\n";
  const { chunks, problems } = parseAll(huggingFaceConsole, rows);
  expect(chunks.map(({ name, axis, steps, values }) => [name, axis, [...steps], [...values]])).toEqual([
    ["loss", "epochs", [5e-5, 0.02], [1.5, 1.25]],
    ["grad_norm", "epochs", [5e-5], [Number.NaN]],
  ]);
  expect(problems.map(({ line }) => line)).toEqual([2]);
});

test("rows that were begun by epochs stay so when a bar comes after all, wherever the console is cut", () => {
  const text = `{'loss': 2, 'epoch': 0.5}\n${bar(3, 9)}\n{'loss': 1, 'epoch': 1}\n`;
  expect(samplesOf(parseAll(huggingFaceConsole, text))["loss"]).toEqual([
    [0.5, 2, 0],
    [1, 1, 2],
  ]);
  expectSameWhereverCut(text);
});

test("with neither bar nor epoch one problem says that the step is unknown", () => {
  const line = "{'loss': 1.5}\n";
  const first = parseAll(huggingFaceConsole, line + line);
  const second = huggingFaceConsole.parse(line, { firstLine: 2, carry: first.carry });
  expect([first.chunks, first.problems, second.problems]).toEqual([
    [],
    [{ line: 0, reason: "No progress bar (`10/500 [`) stands before this line, so its step is unknown." }],
    [],
  ]);
});

test("the training arguments give the clip threshold", () => {
  const { clipThreshold } = parseAll(huggingFaceConsole, "TrainingArguments(\nmax_grad_norm=0.5,\n)\n");
  expect(clipThreshold).toEqual({ value: 0.5, source: "max_grad_norm (line 2)" });
});

test("a console cut anywhere gives the same samples", () => {
  const text = `${bar(1, 9)}\r \r{'loss': nan, 'epoch': 1}\n${bar(1, 9)}\n${bar(3, 4)}\n{'eval_loss': 2.5}\n${bar(2, 9)}\r{'loss': 3}\n`;
  expectSameWhereverCut(text);
});

function expectSameWhereverCut(text: string): void {
  const bytes = Buffer.from(text);
  const whole = samplesOf(parseAll(huggingFaceConsole, text));
  for (let cut = 0; cut <= bytes.length; cut += 1) {
    expect([cut, parseInTwo(huggingFaceConsole, bytes, cut)]).toEqual([cut, whole]);
  }
}

/** As tqdm writes a row: the bar as it was last drawn is erased, the row written, the bar drawn as it really is. */
function written(drawn: number, step: number, norm: number, rate: string): string {
  const at = (n: number): string => `\r ${n}%|▍ | ${n}/120 [00:01<00:03, ${rate}]`;
  return `${at(drawn)}\r      \r{'loss': 1, 'grad_norm': ${norm}, 'epoch': 1}\n${at(step)}`;
}

test.each([
  {
    what: "a bar that is some steps late for a quick training",
    rate: "30.15it/s",
    steps: [10, 20, 30, 40],
    drawn: [10, 20, 28, 38],
  },
  {
    what: "bars that were not drawn since the row before",
    rate: "1.50it/s",
    steps: [10, 11, 12, 13],
    drawn: [9, 10, 11, 12],
  },
  {
    what: "a slow training, where bars are drawn at every step",
    rate: "2.50s/it",
    steps: [10, 20, 28, 38],
    drawn: [10, 20, 28, 38],
  },
])("the step of a row is right with $what", ({ rate, steps, drawn }) => {
  const text = drawn.map((step, at) => written(step, steps[at] ?? 0, at, rate)).join("");
  expect(samplesOf(parseAll(huggingFaceConsole, `${text}\n`))["grad_norm"]?.map(([step]) => step)).toEqual([
    drawn[0],
    ...steps.slice(1),
  ]);
});

test("a row after an evaluation, for which no bar of training was drawn yet, is training's next", () => {
  const evaluation = `${bar(1, 7)}${bar(7, 7)}\r      \r{'eval_loss': 2, 'epoch': 1}\n${bar(7, 7)}`;
  const text = `${written(9, 10, 1, "1.5it/s")}${written(20, 20, 2, "1.5it/s")}${evaluation}`;
  const rows = `\r      \r{'loss': 1, 'grad_norm': 3, 'epoch': 1}\n${bar(30, 120)}${written(39, 40, 4, "30it/s")}\n`;
  expect(samplesOf(parseAll(huggingFaceConsole, `${text}${rows}`))).toMatchObject({
    grad_norm: [
      [9, 1, 0],
      [20, 2, 1],
      [30, 3, 3],
      [40, 4, 4],
    ],
    eval_loss: [[20, 2, 2]],
  });
});

test("a resumed training counts from where it was resumed, also with another number of steps", () => {
  const first = [10, 20, 30].map((step) => written(step, step, 1, "30it/s")).join("");
  const resumed = [21, 31].map((step) => written(step, step, 2, "30it/s").replaceAll("/120", "/150")).join("");
  const steps = samplesOf(parseAll(huggingFaceConsole, `${first}\n${resumed}\n`))["grad_norm"]?.map(([step]) => step);
  expect(steps).toEqual([10, 20, 30, 21, 31]);
});
