import process from "node:process";
import { describeError } from "#worker/errors.ts";
import { COMMANDS } from "./commands.ts";
import { endOnStandstill } from "./endOnStandstill.ts";
import { commandHelp, overallHelp } from "./help/help.ts";
import { VERSION } from "./manifest.ts";
import { requireNode } from "./nodeVersion.ts";
import { printable } from "./text/terminalText.ts";
import { UsageError } from "./usage.ts";

const BAD_INPUT = 2;
const INTERRUPTED = 130;

/** The exit code: 0 fine, 1 findings, 2 bad usage or unreadable input, 130 interrupted. It never rejects. */
export async function runCommandLine(args: readonly string[], signal: AbortSignal): Promise<number> {
  try {
    const text = answerOf(args);
    if (text === undefined) {
      requireNode(process.versions.node);
      const [name, ...rest] = args;
      const command = commandOf(name);
      const standstill = endOnStandstill(BAD_INPUT);
      return await command.run(rest, signal).finally(standstill.dispose);
    }
    process.stdout.write(text);
    return 0;
  } catch (error) {
    if (signal.aborted) {
      return INTERRUPTED;
    }
    const hint = error instanceof UsageError ? ` ${whereToLook(args)}` : "";
    process.stderr.write(`gradlens: ${printable(oneLine(describeError(error)))}${hint}\n`);
    return BAD_INPUT;
  }
}

/** What is asked of the program itself; undefined when a command is to run. */
function answerOf([name = "--help", ...rest]: readonly string[]): string | undefined {
  if (name === "--version") {
    return `${VERSION}\n`;
  }
  if (name === "--help" || name === "-h") {
    return overallHelp(COMMANDS.map(({ help }) => help));
  }
  if (name === "help") {
    const [about] = rest;
    return about === undefined ? overallHelp(COMMANDS.map(({ help }) => help)) : commandHelp(commandOf(about).help);
  }
  return asksForHelp(rest) ? commandHelp(commandOf(name).help) : undefined;
}

/** What stands behind `--` are paths. */
function asksForHelp(args: readonly string[]): boolean {
  const end = args.indexOf("--");
  return args.slice(0, end === -1 ? args.length : end).some((arg) => arg === "--help" || arg === "-h");
}

function commandOf(name = ""): (typeof COMMANDS)[number] {
  const command = COMMANDS.find(({ help }) => help.name === name);
  if (command === undefined) {
    throw new UsageError(`unknown command "${name}"`);
  }
  return command;
}

function whereToLook([name = ""]: readonly string[]): string {
  return COMMANDS.some(({ help }) => help.name === name)
    ? `Run "gradlens ${name} --help" for its options.`
    : 'Run "gradlens --help" for the commands and their options.';
}

/** A message from elsewhere may have several lines, and no full stop. */
function oneLine(message: string): string {
  const lines = message.split("\n").map((line) => line.trim());
  const line = lines.filter((one) => one !== "").join(" ");
  return /[.?!]$/.test(line) ? line : `${line}.`;
}
