import { spawn } from "node:child_process";
import process from "node:process";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildProgram } from "../support/build.ts";
import { codeBlocks, type CodeBlock } from "./pages.ts";
import { createScratch, type Scratch } from "./scratch.ts";

/** The example's script trains for minutes; its options are looked up instead. */
const TRAINING = /^python3 train\.py/;
/** Asks a person, or changes their machine. */
const BY_HAND = /^(git clone|cd) /;
const ENDLESS = /gradlens watch/;
const LIMIT_MS = 30_000;
const FINDINGS = 1;
const INTERRUPTED = 130;

interface Line {
  readonly where: string;
  readonly line: string;
}

let cli: string;
beforeAll(async () => {
  cli = await buildProgram("cli");
});

describe.each(
  Object.entries(Object.groupBy(codeBlocks("sh").flatMap(linesOf), ({ where }) => where.split(":")[0] ?? "")),
)("in a folder like a reader's, each command of %s works", (_page, lines) => {
  let scratch: Scratch;
  beforeAll(() => {
    scratch = createScratch(cli);
  });
  afterAll(() => scratch.remove());

  test.each(lines ?? [])("$where $line", async ({ line }) => {
    const { code, output } = await run(line, scratch);
    expect(codesOf(line), output).toContain(code);
  });
});

/** The exit codes that are no fault: the example's run has findings. */
function codesOf(line: string): number[] {
  if (ENDLESS.test(line)) {
    return [INTERRUPTED];
  }
  return line.includes("gradlens check") ? [0, FINDINGS] : [0];
}

/** Commands in their order: a line each, with those it goes on in behind a backslash. */
function linesOf({ page, line, text }: CodeBlock): Line[] {
  return text
    .replaceAll("\\\n", "  ")
    .split("\n")
    .flatMap((command, at) => {
      const isCommand = command.trim() !== "" && !command.startsWith("#");
      return isCommand && !TRAINING.test(command) && !BY_HAND.test(command)
        ? [{ where: `${page}:${line + 1 + at}`, line: command.trim() }]
        : [];
    });
}

/** What runs until it is interrupted is interrupted as soon as it has said something. */
function run(line: string, { folder, env }: Scratch): Promise<{ code: number; output: string }> {
  const isEndless = ENDLESS.test(line);
  // zsh's list of folders for completions.
  const child = spawn("bash", ["-c", `fpath=("" "$HOME"); ${line}`], {
    cwd: folder,
    env,
    detached: true,
    timeout: LIMIT_MS,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => {
      output += chunk.toString();
      if (isEndless && child.pid !== undefined) {
        process.kill(-child.pid, "SIGINT");
      }
    });
  }
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => resolve({ code: code ?? (signal === "SIGINT" ? INTERRUPTED : -1), output }));
  });
}
