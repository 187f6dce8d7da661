import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { LogBatch } from "#core/log.ts";
import { captureRun } from "#host/terminal/capturedRun.ts";
import type { LinesRequest } from "#host/terminal/capturedRun.ts";
import { createTerminalLines } from "#host/terminal/terminalLines.ts";
import { createRunStore } from "#store/runStore.ts";
import type { Run } from "#store/run.ts";
import { parseLines } from "#worker/runs/parseLines.ts";

const ID = "terminal 1: python train.py";

/** As the worker's answer comes. */
function parseLater(request: LinesRequest): Promise<LogBatch | null> {
  return Promise.resolve(parseLines(request));
}

/** Gives a terminal's output in pieces of so many characters, to the same parser as the worker's. */
async function capture(output: string, pieceLength: number): Promise<Run | undefined> {
  const store = createRunStore();
  const errors: unknown[] = [];
  const captured = captureRun({ id: ID, store, parse: parseLater, onError: (error) => errors.push(error) });
  for (let at = 0; at < output.length; at += pieceLength) {
    captured.add(output.slice(at, at + pieceLength));
  }
  await captured.end();
  expect(errors).toEqual([]);
  return store.get(ID);
}

/** Bars, and a row every ten steps, as a terminal gets them. */
const HUGGING_FACE = readFileSync(join(import.meta.dirname, "../../../examples/char-transformer/console.log"), "utf8");
const EXAMPLE_NORMS = [...HUGGING_FACE.matchAll(/'grad_norm': ([\d.]+)/g)].map(([, norm]) => Number(norm));
const NANO_GPT = [0, 1, 2].map(
  (step) => `iter ${step}: loss 3.${step}, grad_norm 1.${step}, time 20.00ms, mfu 3.00%\r\n`,
);

test.each([
  { trainer: "Hugging Face's Trainer", lines: [HUGGING_FACE], norms: EXAMPLE_NORMS },
  { trainer: "nanoGPT", lines: NANO_GPT, norms: [1, 1.1, 1.2] },
])("what $trainer prints into a terminal is a run, in pieces of any length", async ({ lines, norms }) => {
  const output = `\u001b]633;C\u0007loading the data…\r\n${lines.join("")}`;
  expect(norms.length).toBeGreaterThan(2);
  for (const pieceLength of [1, 7, 1000]) {
    const run = await capture(output, pieceLength);
    expect([...(run?.first("globalNorm")?.values() ?? [])]).toEqual(norms);
  }
});

test("a command that trains nothing leaves no run", async () => {
  expect(await capture("Collecting torch\r\nInstalling collected packages: torch\r\n", 10)).toBeUndefined();
});

test("a last line without its newline counts when the command ends", async () => {
  const run = await capture(NANO_GPT.join("").trimEnd(), 1000);
  expect(run?.first("globalNorm")?.length()).toBe(3);
});

test("a format that shows itself late takes the place of one that was guessed", () => {
  const first = "step 1 loss 2.5 grad_norm 0.5\n";
  const guessed = parseLines({ text: first, head: first, position: null });
  const more = '{"step": 1, "grad_norm": 1.5}\n'.repeat(3);
  const position = { ...guessed?.position, format: "keyValueLines" } as NonNullable<typeof guessed>["position"];
  const batch = parseLines({ text: more, head: more, position });
  expect([batch?.position.format, batch?.restarted, batch?.position.line]).toEqual(["jsonl", true, 3]);
});

test("a progress bar drawn over itself for hours takes little memory and keeps its last state", () => {
  const lines = createTerminalLines();
  for (let step = 0; step < 100_000; step += 1) {
    expect(lines.add(`\r${step}/100000 [00:00<00:00]`)).toBe("");
  }
  const line = lines.add("\n");
  expect([line.length < 70_000, line.endsWith("99999/100000 [00:00<00:00]\n")]).toEqual([true, true]);
});
