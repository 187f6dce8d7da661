import { spawn } from "node:child_process";
import { once } from "node:events";
import { appendFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { createTestFolder } from "../../support/testFolder.ts";
import type { TestFolder } from "../../support/testFolder.ts";
import { buildProgram } from "../../support/build.ts";
import { runGradlens } from "../program.ts";
import { openTerminal } from "./terminal.ts";
import type { Terminal } from "./terminal.ts";

let script: string;
let folder: TestFolder;
const open: Terminal[] = [];
beforeAll(async () => {
  [script, folder] = await Promise.all([buildProgram("cli"), createTestFolder()]);
});
afterAll(async () => {
  open.forEach((terminal) => terminal.dispose());
  await folder.dispose();
});

function line(step: number, norm: number | "NaN" = 1 + 0.1 * Math.sin(12.9898 * step ** 2)): string {
  return `{"step":${step},"loss":2.5,"grad_norm":${norm}}\n`;
}

function lines(from: number, to: number): string {
  return Array.from({ length: to - from + 1 }, (_, index) => line(from + index)).join("");
}

function watch(path: string, size = { columns: 90, rows: 20 }): Terminal {
  const terminal = openTerminal([process.execPath, script, "watch", path, "--interval", "0.2"], size);
  open.push(terminal);
  return terminal;
}

const CTRL_C = "\u0003";
const SHOW_CURSOR = "\u001B[?25h";
const MAIN_SCREEN = "\u001B[?1049l";

// Side by side, for most of the time they wait: for ten seconds until runs are looked for anew.
test.concurrent("a terminal shows the last norm, the curve and findings as they come, and is left as it was", async () => {
  const log = await folder.write("live/log.jsonl", lines(1, 200));
  const terminal = watch(join(folder.path, "live"));
  await terminal.shows(/live {2}step 200 {2}norm [\d.]+ {2}loss 2\.5/);
  const before = terminal.screen();
  await appendFile(log, line(201, 9));
  await terminal.shows(/step 201 {2}norm 9 /);
  await terminal.shows(/^warning GN201: Gradient norm jumped to 9 at step 201/);
  await appendFile(log, line(202, "NaN"));
  await terminal.shows(/^error GN101: Gradient norm became NaN at step 202/);
  await terminal.shows(/^[▁▂▃▄▅▆▇█]+×/);
  expect([before[0], before[1], before.length]).toEqual([
    `gradlens watch ${join(folder.path, "live")}   Ctrl+C ends it`.slice(0, 89),
    "",
    4,
  ]);
  terminal.type(CTRL_C);
  expect(await terminal.ended()).toBe(130);
  await terminal.shows(/^error GN101/); // What was shown last stays.
  const output = terminal.output();
  expect([
    output.lastIndexOf(SHOW_CURSOR) > output.lastIndexOf("\u001B[?25l"),
    output.lastIndexOf(MAIN_SCREEN) > output.lastIndexOf("\u001B[?1049h"),
  ]).toEqual([true, true]);
});

test.concurrent("a terminal that becomes narrower is filled anew, and no line is broken", async () => {
  const text = lines(1, 150) + line(151, 9) + lines(152, 160);
  await folder.write("narrow/log.jsonl", text);
  const terminal = watch(join(folder.path, "narrow"));
  await terminal.shows(/^warning GN201/);
  await terminal.resize(40, 8);
  await terminal.shows(/^warning GN201.{25}…$/);
  expect(terminal.screen().map((shown) => shown.length > 39)).not.toContain(true);
  await terminal.resize(120, 8);
  await terminal.shows(/^warning GN201.{60}/);
});

test.concurrent("a log that is rotated, and a run that is new, are followed", async () => {
  const log = await folder.write("many/first/log.jsonl", lines(1, 100));
  const terminal = watch(join(folder.path, "many/first"));
  await terminal.shows(/first {2}step 100/);
  await rename(log, `${log}.1`);
  await writeFile(log, lines(101, 120));
  await terminal.shows(/first {2}step 120/);
  await writeFile(log, lines(1, 30));
  await terminal.shows(/first {2}step 30/);
});

test.concurrent("a run that begins later is found", async () => {
  await folder.write("several/one/log.jsonl", lines(1, 100));
  const terminal = watch(join(folder.path, "several"));
  await terminal.shows(/one {2}step 100/);
  await folder.write("several/two/log.jsonl", lines(1, 50));
  await terminal.shows(/two {2}step 50/);
});

test.concurrent("without a terminal each change is a line, without a character that commands one", async () => {
  const log = await folder.write("plain/log.jsonl", lines(1, 200));
  const child = spawn(process.execPath, [script, "watch", "plain", "--interval", "0.2"], { cwd: folder.path });
  let output = "";
  child.stdout.on("data", (data: Buffer) => {
    output += data.toString();
  });
  const shows = async (text: string): Promise<void> =>
    vi.waitFor(() => expect(output).toContain(text), { timeout: 50_000, interval: 20 });
  await shows("plain  step 200  norm ");
  await appendFile(log, line(201, "NaN"));
  await shows(`${join("plain", "log.jsonl")}:201: error GN101: Gradient norm became NaN at step 201`);
  child.kill("SIGINT");
  const [code] = (await once(child, "exit")) as [number];
  const told = output.split("\n").filter((one) => one.includes("GN101"));
  expect([code, output.includes("\u001B"), told.length]).toEqual([130, false, 1]);
});

test.each([
  { args: ["nowhere"], line: "nowhere: The file is not there. Was it moved or deleted?" },
  { args: ["notes.txt"], line: "notes.txt: no training log is recognised here." },
])("watch $args exits with 2 and one line", async ({ args, line: told }) => {
  await folder.write("notes.txt", "nothing of interest");
  expect(await runGradlens(script, folder.path, ["watch", ...args])).toEqual({
    code: 2,
    stdout: "",
    stderr: `gradlens: ${told}\n`,
  });
});
