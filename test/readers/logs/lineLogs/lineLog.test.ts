import { expect, test } from "vitest";
import { DIALECTS } from "#readers/logs/lineLogs/dialects.ts";
import { createLineReader } from "#readers/logs/lineLogs/lineLog.ts";
import { megatronLine, torchtitanLine, verlLine } from "../../../support/trainerLogs.ts";
import { parseAll, parseByLine, samplesOf } from "../parsed.ts";

const megatron = createLineReader(DIALECTS.megatron);
const torchtitan = createLineReader(DIALECTS.torchtitan);
const verl = createLineReader(DIALECTS.verl);
const pipeLines = createLineReader(DIALECTS.pipeLines);

function normsOf(text: string): unknown {
  return samplesOf(parseAll(megatron, text))["grad norm"];
}

test.each([
  { prefix: "torchrun's", before: "[default7]: " },
  { prefix: "torchrun's without a space", before: "[default7]:" },
  { prefix: "srun's", before: "511: " },
  { prefix: "mpirun's", before: "[1,0]<stdout>:" },
  { prefix: "Primus'", before: "[20251023 12:39:12][rank-63/64][INFO ] [----trainer.py:2382] :" },
  { prefix: "kubectl's", before: "worker-0 | 2024-01-01T00:00:00Z " },
  { prefix: "logging's", before: "INFO:root:" },
  { prefix: "colour", before: "\u001b[32m" },
])("a $prefix prefix hides no record", ({ before }) => {
  expect(normsOf(`${before}${megatronLine(10, { loss: 1, norm: 2 })}\n`)).toEqual([[10, 2, 0]]);
});

const fairseq = createLineReader(DIALECTS.fairseq);

test.each(["nan", "inf", "1e999"])("%s is no step: its line is left out and told", (step) => {
  const line = `| INFO | train_inner | epoch 001: 1 / 8 loss=2, num_updates=${step}, gnorm=3`;
  const { chunks, problems } = parseAll(fairseq, `${line}\n`);
  expect([chunks, problems.map(({ reason }) => reason)]).toEqual([
    [],
    ["The line has no step that can be read and was left out."],
  ]);
});

const VALIDATION = " validation.loss at iteration 1 | lm loss value: 1E0 | ";
const TITAN = "step: 1  loss: 2.0000  tps: 3";

test.each([
  { what: "of the validation", reader: megatron, before: VALIDATION, after: VALIDATION.replace(".", " ") },
  { what: "without its space", reader: megatron, before: VALIDATION, after: VALIDATION.replace(" 1 ", "1 ") },
  { what: "behind a letter", reader: verl, before: "(pid=1234) step:1 - x:1", after: "(pid=123s__step:2 - x:1" },
  { what: "of a step with a power", reader: verl, before: "step:1 - x:1", after: "step:1e5 - x:1" },
  { what: "of a negative step", reader: torchtitan, before: TITAN, after: TITAN.replace("1", "-1") },
])("a line $what is read the same behind one that looks like it", ({ reader, before, after }) => {
  const text = `${before}\n${before.replace("1", "2")}\n${after}\n`;
  expect(samplesOf(parseAll(reader, text))).toEqual(parseByLine(reader, text));
});

test("a record wrapped over three lines is put together, also where a space was lost", () => {
  const text = [
    "[default7]: iteration   42780/ 115311 | consumed samples:    71455664 | elapsed time per iteration (s): 105.16 | learning",
    " rate: 4.475E-05 | global batch size: 2048 | lm loss: 2.117073E+00 | grad norm: 0.1",
    "50 | number of skipped iterations:  0 | number of nan",
    "iterations:  0 | samples per second: 19.474 |",
    "```",
    "50 | grad norm: 7 |",
  ].join("\n");
  const expected = {
    "consumed samples": [[42780, 71455664, 0]],
    "elapsed time per iteration (s)": [[42780, 105.16, 0]],
    "learning rate": [[42780, 4.475e-5, 1]],
    "global batch size": [[42780, 2048, 1]],
    "lm loss": [[42780, 2.117073, 1]],
    "grad norm": [[42780, 0.15, 2]],
    "number of skipped iterations": [[42780, 0, 2]],
    "number of nan iterations": [[42780, 0, 3]],
    "samples per second": [[42780, 19.474, 3]],
  };
  expect([samplesOf(parseAll(megatron, text)), parseByLine(megatron, text)]).toEqual([expected, expected]);
});

test("a record without its last bar is whole when another line follows", () => {
  const text = " iteration 10/ 100 | lm loss: 1.0E+00 | grad norm: 2.500\nSaving checkpoint\n";
  expect(normsOf(text)).toEqual([[10, 2.5, 0]]);
});

test("a last line that is cut gives its whole values only", () => {
  expect(normsOf(" iteration 10/ 100 | grad norm: 2.500 | lm loss: 1.0\n iteration 20/ 100 | grad norm: 3.5")).toEqual([
    [10, 2.5, 0],
  ]);
});

test("two processes' lines in one are told apart", () => {
  const text = ` iteration 10/ 100 | lm loss: 1.0E+00 | grad norm: 2.500[default7]: iteration 20/ 100 | lm loss: 2.0E+00 | grad norm: 3.500 |\n`;
  expect([normsOf(text), parseAll(megatron, text).problems]).toEqual([
    [
      [10, 2.5, 0],
      [20, 3.5, 0],
    ],
    [],
  ]);
});

test("progress bars and records of one physical line are told apart", () => {
  const text = `\r  1%|▍ | 1/120 [00:35<1:11:19]\r${megatronLine(10, { norm: 1 })}\r  2%|▍ | 2/120\n`;
  expect(normsOf(text)).toEqual([[10, 1, 0]]);
});

test("what backspaces took away is gone", () => {
  expect(normsOf(`10%\b\b\b${megatronLine(10, { norm: 1 }).replace("1.000", "9\b1.000")}\n`)).toEqual([[10, 1, 0]]);
});

test("a printed 0.000 is less than half of its last digit, and a chunk says so", () => {
  const { chunks } = parseAll(
    megatron,
    `${megatronLine(1, { loss: 1, norm: 0.5 })}\n${megatronLine(2, { loss: 1, norm: 0 })}\n`,
  );
  const resolutions = Object.fromEntries(chunks.map(({ name, resolution }) => [name, resolution]));
  expect(resolutions).toMatchObject({
    "grad norm": 0.0005,
    "lm loss": undefined,
    "number of skipped iterations": undefined,
  });
});

test.each([
  { printed: "0.25", resolution: undefined },
  { printed: "0.0", resolution: undefined },
  { printed: "0.000", resolution: 0.0005 },
])("verl's $printed among numbers with all their digits is known to within $resolution", ({ printed, resolution }) => {
  const text = ["0.2057906948029995", "0.125", printed].map((norm, step) => verlLine(step, norm)).join("\n");
  const chunk = parseAll(verl, text).chunks.find(({ name }) => name === "actor/grad_norm");
  expect(chunk?.resolution).toBe(resolution);
});

test("the coarsest of several resolutions counts", () => {
  const lines = ["0.1234", "0.12", "0.123"].map((norm, step) => ` iteration ${step}/ 9 | grad norm: ${norm} |`);
  expect(parseAll(megatron, lines.join("\n")).chunks[0]?.resolution).toBe(0.005);
});

test("the argument dump gives the clip threshold", () => {
  const text = ` clip_grad ....................................... 1.0\n${megatronLine(1, { norm: 2 })}\n`;
  expect(parseAll(megatron, text).clipThreshold).toEqual({ value: 1, source: "clip_grad (line 1)" });
});

test.each([
  { setting: '"gradient_clipping": 0.5,', value: 0.5 },
  { setting: "Namespace(adam_eps=1e-08, clip_norm=2.0, lr=[1])", value: 2 },
  { setting: "max_grad_norm=0.25,", value: 0.25 },
  { setting: ':::MLLOG {"event_type": "POINT_IN_TIME", "key": "opt_gradient_clip_norm", "value": 1.5}', value: 1.5 },
  { setting: ':::MLLOG {"event_type": "POINT_IN_TIME", "key": "seed", "value": 7}', value: undefined },
  { setting: "clip_grad ....... 0.0", value: undefined },
  { setting: "paperclip: 3", value: undefined },
])("the line `$setting` says that gradients are clipped at $value", ({ setting, value }) => {
  expect(parseAll(torchtitan, `${setting}\n`).clipThreshold?.value).toBe(value);
});

test.each([
  { line: " iteration 10/ 100 | grad norm: ****** | lm loss: 1.0E+00 |", reason: "grad norm: ****** is no number." },
  { line: " iteration 10/ 100 | grad norm: |", reason: "The line of step 10 holds no number that can be read." },
])("`$line` is a problem", ({ line, reason }) => {
  expect(parseAll(megatron, line).problems).toEqual([{ line: 0, reason }]);
});

test.each(["n/a", "N/A", "None", "-"])("a norm printed as %s was not measured", (printed) => {
  const { chunks, problems } = parseAll(megatron, ` iteration 10/ 100 | grad norm: ${printed} | lm loss: 1.0E+00 |`);
  expect([chunks.map(({ name }) => name), problems]).toEqual([["lm loss"], []]);
});

test("nan and infinities are values", () => {
  const text = ["nan", "inf", "-inf", "NaN"]
    .map((norm, step) => ` iteration ${step}/ 9 | grad norm: ${norm} |`)
    .join("\n");
  expect(normsOf(text)).toEqual([
    [0, Number.NaN, 0],
    [1, Infinity, 1],
    [2, -Infinity, 2],
    [3, Number.NaN, 3],
  ]);
});

test("`norm` alone is a gradient's beside a loss in a line with bars only", () => {
  expect(parseAll(pipeLines, "step 1 | norm: 2.0\n").chunks).toEqual([]);
});

test("lines that differ in their numbers only are read as each by itself", () => {
  let seed = 7;
  const random = (below: number): number => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed % below;
  };
  const numbers = [
    "0",
    "1",
    "-0.5",
    "12.5",
    "1e5",
    "1.25E-05",
    "0.1234567890123456789",
    "123456789012345678",
    "5.",
    ".5",
  ];
  const odd = ["nan", "12,345", "1.2k", "inf", "x", "", "007", "1e400", "1e-400", "1.2.3", "3|"];
  const valueAt = (): string => (random(8) === 0 ? odd[random(odd.length)] : numbers[random(numbers.length)]) ?? "";
  const lines = Array.from(
    { length: 3000 },
    (_, step) =>
      ` iteration ${" ".repeat(random(3))}${step}/ 3000 | lm loss: ${valueAt()} | grad norm:${" ".repeat(random(2))} ${valueAt()} |`,
  );
  const text = `${lines.join("\n")}\n`;
  expect(samplesOf(parseAll(megatron, text))).toEqual(parseByLine(megatron, text));
});

function torchtitanLog(isColoured: boolean): string {
  const lines = Array.from({ length: 20 }, (_, step) =>
    torchtitanLine(step, { loss: step / 7, norm: step / 3 }, isColoured),
  );
  return lines.join("\n");
}

test("a torchtitan log of colours gives what one without gives", () => {
  const [coloured, plain] = [true, false].map((isColoured) =>
    samplesOf(parseAll(torchtitan, torchtitanLog(isColoured))),
  );
  expect(coloured).toEqual(plain);
});

test("a line of a megabyte is passed over at once", () => {
  const text = `${" iteration 1/ 2 | a: 1".repeat(50_000)} |\n${megatronLine(10, { norm: 1 })}\n`;
  expect(normsOf(text)).toEqual([[10, 1, 1]]);
});
