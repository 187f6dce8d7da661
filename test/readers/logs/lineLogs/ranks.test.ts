import { expect, test } from "vitest";
import { DIALECTS } from "#readers/logs/lineLogs/dialects.ts";
import { createLineReader } from "#readers/logs/lineLogs/lineLog.ts";
import { parseAll, parseByLine, samplesOf } from "../parsed.ts";

const pipeLines = createLineReader(DIALECTS.pipeLines);

function line(rank: number | null, step: number, values: { loss: number; norm: number }): string {
  const tag = rank === null ? "" : `[rank${rank}]: `;
  return `${tag}step ${step} | loss: ${values.loss} | norm: ${values.norm} | dt: ${step + (rank ?? 0)}.5ms`;
}

/** Read as a whole and line by line, which must be the same. */
function samples(lines: readonly string[]): unknown {
  const text = `${lines.join("\n")}\n`;
  const whole = samplesOf(parseAll(pipeLines, text));
  expect(parseByLine(pipeLines, text)).toEqual(whole);
  return Object.fromEntries(Object.entries(whole).filter(([name]) => !name.startsWith("dt")));
}

test("what all ranks print alike is kept once, in whatever order they come", () => {
  const values = { loss: 2, norm: 1 };
  const lines = [
    line(0, 10, values),
    line(1, 10, values),
    line(1, 20, values),
    line(0, 20, values),
    line(0, 30, values),
    line(1, 30, values),
  ];
  expect(samples(lines)).toEqual({
    loss: [
      [10, 2, 0],
      [20, 2, 3],
      [30, 2, 4],
    ],
    norm: [
      [10, 1, 0],
      [20, 1, 3],
      [30, 1, 4],
    ],
  });
});

test("a loss of each rank's own is a series of that rank", () => {
  const lines = [
    line(0, 10, { loss: 2, norm: 1 }),
    line(1, 10, { loss: 3, norm: 1 }),
    line(1, 20, { loss: 2.5, norm: 0.5 }),
    line(0, 20, { loss: 1.5, norm: 0.5 }),
  ];
  expect(samples(lines)).toEqual({
    loss: [
      [10, 2, 0],
      [20, 1.5, 3],
    ],
    norm: [
      [10, 1, 0],
      [20, 0.5, 3],
    ],
    "loss (rank 1)": [
      [10, 3, 1],
      [20, 2.5, 2],
    ],
  });
});

test("after a restart another rank speaks for the run", () => {
  const lines = [
    line(7, 10, { loss: 2, norm: 1 }),
    line(0, 20, { loss: 3, norm: 2 }),
    line(0, 30, { loss: 4, norm: 3 }),
    line(0, 40, { loss: 5, norm: 4 }),
  ];
  expect(samples(lines)).toEqual({
    loss: [
      [10, 2, 0],
      [20, 3, 1],
      [30, 4, 2],
      [40, 5, 3],
    ],
    norm: [
      [10, 1, 0],
      [20, 2, 1],
      [30, 3, 2],
      [40, 4, 3],
    ],
  });
});

test("the same line twice is one, another value at the same step is a second", () => {
  const [first, again] = [line(null, 10, { loss: Number.NaN, norm: 1 }), line(null, 10, { loss: 2, norm: 1 })];
  expect(samples([first.replace("NaN", "nan"), first.replace("NaN", "nan"), again])).toEqual({
    loss: [
      [10, Number.NaN, 0],
      [10, 2, 2],
    ],
    norm: [
      [10, 1, 0],
      [10, 1, 2],
    ],
  });
});

test("a run that goes back and repeats its steps keeps both", () => {
  const lines = [10, 20, 10, 20].map((step) => line(null, step, { loss: 2, norm: 1 }));
  expect(samples(lines)).toMatchObject({
    norm: [
      [10, 1, 0],
      [20, 1, 1],
      [10, 1, 2],
      [20, 1, 3],
    ],
  });
});
