import { expect, test } from "vitest";
import { jsonLines } from "#readers/logs/jsonLines/jsonLines.ts";
import { parseAll, parseInTwo, samplesOf } from "../parsed.ts";

test.each([
  { row: "a step and a norm", text: '{"step": 1, "grad_norm": 2.5}', grad_norm: [[1, 2.5, 0]] },
  { row: "a zero", text: '{"step": 0, "grad_norm": 0}', grad_norm: [[0, 0, 0]] },
  { row: "a bare NaN", text: '{"step": 1, "grad_norm": NaN}', grad_norm: [[1, Number.NaN, 0]] },
  { row: "a bare -Infinity", text: '{"step": 1, "grad_norm": -Infinity}', grad_norm: [[1, -Infinity, 0]] },
  { row: "a lower-case nan", text: '{"step": 1, "grad_norm": nan}', grad_norm: [[1, Number.NaN, 0]] },
  {
    row: "NaN beside a text with quotes",
    text: String.raw`{"a": "NaN \" NaN", "step": 1, "grad_norm": NaN}`,
    grad_norm: [[1, Number.NaN, 0]],
  },
  { row: "a number as text", text: '{"num_updates": "100", "grad_norm": "3.512"}', grad_norm: [[100, 3.512, 0]] },
  { row: "NaN as text", text: '{"step": 1, "grad_norm": "NaN"}', grad_norm: [[1, Number.NaN, 0]] },
  { row: "null", text: '{"step": 1, "grad_norm": null}', grad_norm: undefined },
  {
    row: "a step out of a total",
    text: '{"global_step/max_steps": "301/600", "grad_norm": 1}',
    grad_norm: [[301, 1, 0]],
  },
  {
    row: "a step of its own and one of the epoch",
    text: '{"step": 3, "global_step": 103, "grad_norm": 1}',
    grad_norm: [[103, 1, 0]],
  },
  { row: "an epoch alone", text: '{"epoch": 2, "grad_norm": 1}', grad_norm: [[2, 1, 0]] },
  { row: "a key named __proto__", text: '{"step": 1, "__proto__": 7, "grad_norm": 1}', grad_norm: [[1, 1, 0]] },
  { row: "Windows line ends and empty lines", text: '\r\n{"step": 1, "grad_norm": 1}\r\n', grad_norm: [[1, 1, 1]] },
  { row: "NUL bytes behind it", text: '{"step": 1, "grad_norm": 1}\0\0\n', grad_norm: [[1, 1, 0]] },
  { row: "blanks around it", text: ' \t{"step": 1, "grad_norm": NaN} \r\n', grad_norm: [[1, Number.NaN, 0]] },
  { row: "NUL bytes before it", text: '\0\0{"step": 1, "grad_norm": 1}\n', grad_norm: [[1, 1, 0]] },
])("a row with $row gives $grad_norm", ({ text, grad_norm }) => {
  const parsed = parseAll(jsonLines, text);
  expect([samplesOf(parsed)["grad_norm"], parsed.problems]).toEqual([grad_norm, []]);
});

test("nested rows are flattened, lists and texts left out, every number kept under its own name", () => {
  const text = '{"step": 5, "metrics": {"train/loss": 1, "a": {"__proto__": 2}}, "name": "7", "list": [1], "ok": true}';
  const { chunks } = parseAll(jsonLines, text);
  expect(chunks.map(({ kind, name, values }) => [kind, name, ...values])).toEqual([
    ["loss", "metrics/train/loss", 1],
    ["other", "metrics/a/__proto__", 2],
  ]);
});

test("rows of settings give the clip threshold and no samples", () => {
  const text = '{"event": "config", "lr": 1, "max_grad_norm": 0.5}\n{"step": 1, "loss": 2}\n';
  const { chunks, clipThreshold, problems } = parseAll(jsonLines, text);
  expect([chunks.map(({ name }) => name), clipThreshold, problems]).toEqual([
    ["loss"],
    { value: 0.5, source: "max_grad_norm (line 1)" },
    [],
  ]);
});

test.each([
  { row: '{"max_grad_norm": 0}', threshold: null },
  { row: '{"max_grad_norm": null}', threshold: null },
  { row: '{"step": 1, "max_grad_norm": 2}', threshold: 2 },
  { row: '{"optimizer": {"clip_grad": {"max_norm": 35}}}', threshold: 35 },
  { row: '{"clip_grad_norm": 1}', threshold: 1 },
  { row: '{"step": 1, "clip_grad_norm": 0.7}', threshold: null },
])("$row says the clip threshold is $threshold", ({ row, threshold }) => {
  expect(parseAll(jsonLines, row).clipThreshold?.value ?? null).toBe(threshold);
});

test("a broken line is reported and the next ones are read", () => {
  const parsed = parseAll(
    jsonLines,
    '{"step": 1, "loss": 1}\n{"step": 2, "lo\n[3]\n{"loss": 4}\n{"step": 5, "loss": 5}',
  );
  expect([samplesOf(parsed), parsed.problems]).toEqual([
    {
      loss: [
        [1, 1, 0],
        [5, 5, 4],
      ],
    },
    [
      { line: 1, reason: "The line is not a JSON object." },
      { line: 2, reason: "The line is not a JSON object." },
      { line: 3, reason: "The row has no step and was left out." },
    ],
  ]);
});

test("thousands of broken lines are counted, not listed", () => {
  const { problems } = parseAll(jsonLines, "broken\n".repeat(5000));
  expect([problems.length, problems.at(-1)]).toEqual([
    101,
    { line: 100, reason: "4900 more lines have problems.", count: 4900 },
  ]);
});

test("once a log has steps, a row with an epoch only has none", () => {
  const parsed = parseAll(jsonLines, '{"step": 100, "loss": 1}\n{"epoch": 1, "val_loss": 2}\n');
  expect(samplesOf(parsed)).toEqual({ loss: [[100, 1, 0]] });
});

test("a log cut anywhere gives the same samples", () => {
  const text =
    '{"max_norm": 1}\n{"step": 1, "loss": NaN}\r\n\n{"epoch": 1, "loss": 3}\n{"ä": "€", "step": 2, "loss": 0.5}\n';
  const bytes = Buffer.from(text);
  const whole = samplesOf(parseAll(jsonLines, text));
  for (let cut = 0; cut <= bytes.length; cut += 1) {
    expect([cut, parseInTwo(jsonLines, bytes, cut)]).toEqual([cut, whole]);
  }
});
