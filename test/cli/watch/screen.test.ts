import { expect, test } from "vitest";
import { frameOf } from "#cli/watch/frame.ts";
import type { Line } from "#cli/watch/frame.ts";
import type { RunView } from "#cli/watch/runView.ts";
import { createScreen } from "#cli/watch/screen.ts";

const LINES: readonly Line[] = [{ text: "run", tone: "title" }];

function record(): { readonly written: string[]; readonly write: (text: string) => void } {
  const written: string[] = [];
  return { written, write: (text) => written.push(text) };
}

test("a frame that is shown already is not written again, and closing gives the terminal back once", () => {
  const { written, write } = record();
  const screen = createScreen({ write }, { hasColor: false });
  screen.close();
  screen.draw(LINES);
  screen.draw([...LINES]);
  screen.close();
  screen.close();
  expect(written).toEqual([
    "\u001B[?1049h\u001B[?25l\u001B[?7l\u001B[?2026h\u001B[Hrun\u001B[K\u001B[J\u001B[?2026l",
    "\u001B[?7h\u001B[?25h\u001B[?1049l",
  ]);
});

test("drawn after it was closed, it takes the terminal again", () => {
  const { written, write } = record();
  const screen = createScreen({ write }, { hasColor: true });
  screen.draw(LINES);
  screen.close();
  screen.draw(LINES);
  expect([written.length, written[2], written[0]?.includes("\u001B[1mrun\u001B[0m")]).toEqual([3, written[0], true]);
});

const RUN: RunView = {
  id: "/runs/a",
  name: "a\u001B[31m",
  unit: "step",
  norm: { step: 7, value: Number.NaN },
  normName: null,
  loss: undefined,
  learningRate: { step: 7, value: 3e-4 },
  threshold: 1,
  buckets: [],
  findings: Array.from({ length: 9 }, (_, index) => ({
    rule: "GN201",
    severity: "warning",
    tensor: null,
    start: index,
    peak: index,
    end: index,
    value: 9,
    limit: 1,
    message: `Spike ${index}.`,
    source: { path: "/runs/a/log", line: 1 },
  })),
  idleSeconds: 90,
};

test("a frame tells the last numbers and the last findings, and lets no name command the terminal", () => {
  expect(frameOf("title", [RUN], { columns: 100, rows: 30 }).map(({ text }) => text)).toEqual([
    "title",
    "",
    "a\uFFFD[31m  step 7  norm NaN  lr 3.000e-4  clip 1  nothing new for 90 s",
    "3 earlier findings",
    ...[3, 4, 5, 6, 7, 8].map((index) => `warning GN201: Spike ${index}.`),
  ]);
});

test("a frame never has more rows or columns than the screen", () => {
  const lines = frameOf("a title that is long", [RUN, RUN], { columns: 12, rows: 5 });
  expect([lines.length, lines.at(-1)?.text, lines.map(({ text }) => text.length > 11)]).toEqual([
    5,
    "…",
    [false, false, false, false, false],
  ]);
});

test("before there is a run, the frame says so", () => {
  expect(frameOf("title", [], { columns: 80, rows: 24 }).map(({ text }) => text)).toEqual([
    "title",
    "No gradient norm yet.",
  ]);
});

test("of several norms the one that is shown is called by its name", () => {
  const [, , line] = frameOf("title", [{ ...RUN, normName: "grad_norm_d" }], { columns: 100, rows: 30 });
  expect(line?.text).toContain("step 7  grad_norm_d NaN  lr");
});
