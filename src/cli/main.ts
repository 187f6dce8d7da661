#!/usr/bin/env node
import process from "node:process";
import { describeError } from "#worker/errors.ts";
import { runClip } from "./clip.ts";
import { runDiff } from "./diff.ts";
import { runLog } from "./log.ts";
import { runMerge } from "./merge.ts";
import { runNorms } from "./norms.ts";
import { USAGE, UsageError } from "./usage.ts";

const COMMANDS: Readonly<Record<string, (args: readonly string[], signal: AbortSignal) => Promise<number>>> = {
  norms: runNorms,
  merge: runMerge,
  log: runLog,
  clip: runClip,
  diff: runDiff,
};

const BAD_INPUT = 2;
const INTERRUPTED = 130;

/** Exit codes: 0 fine, 1 findings, 2 bad usage or unreadable input, 130 interrupted. */
async function main([name = "--help", ...args]: readonly string[]): Promise<number> {
  if (name === "--help" || name === "-h" || name === "help") {
    process.stdout.write(USAGE);
    return 0;
  }
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  const controller = new AbortController();
  process.once("SIGINT", () => controller.abort());
  try {
    if (command === undefined) {
      throw new UsageError(`unknown command "${name}"`);
    }
    return await command(args, controller.signal);
  } catch (error) {
    if (controller.signal.aborted) {
      return INTERRUPTED;
    }
    const hint = error instanceof UsageError ? ' Run "gradlens --help" for the commands and their options.' : "";
    process.stderr.write(`gradlens: ${oneLine(describeError(error))}${hint}\n`);
    return BAD_INPUT;
  }
}

/** A message from elsewhere may have several lines, and no full stop. */
function oneLine(message: string): string {
  const line = message.replaceAll(/\s*\n\s*/g, " ").trim();
  return /[.?!]$/.test(line) ? line : `${line}.`;
}

// A reader such as `head` that stops listening is no error.
process.stdout.on("error", () => process.exit(0));
void main(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
