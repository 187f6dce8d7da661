import process from "node:process";
import { toJson } from "#core/json.ts";
import { describeEmpty } from "../runs/emptyRun.ts";
import { loadRuns } from "../runs/loadRuns.ts";
import { suspiciousPairs } from "../runs/suspicions.ts";
import { describeUnreadable } from "../text/unreadableText.ts";
import { parsePatterns } from "../patterns.ts";
import { parseCommand } from "../usage.ts";
import { printable, printableLines } from "../text/terminalText.ts";
import { toDocument } from "./logDocument.ts";
import { toText } from "./logText.ts";

export const LOG_OPTIONS = {
  json: { type: "boolean" },
  values: { type: "boolean" },
  pattern: { type: "string", multiple: true },
  config: { type: "string" },
} as const;

export async function runLog(args: readonly string[], signal: AbortSignal): Promise<number> {
  const { values: options, paths } = parseCommand(args, LOG_OPTIONS);
  const { runs, unreadable, isIncomplete } = await loadRuns(paths, {
    signal,
    customPatterns: parsePatterns(options.pattern ?? []),
    configPath: options.config,
  });
  const empty = runs.flatMap(({ run }) => describeEmpty(run) ?? []);
  const lost = empty.filter(({ mayGrow }) => !mayGrow).map(({ why }) => why);
  const isLost = lost.length > 0 && lost.length === runs.length;
  const documents = runs.map((loaded) => toDocument(loaded, { withValues: options.values === true }));
  const betweenRuns = suspiciousPairs(runs.map(({ run }) => run));
  if (options.json === true) {
    process.stdout.write(
      `${toJson({ schema: "gradlens/log@1", runs: documents, betweenRuns, unreadable: [...lost, ...unreadable] }, 2)}\n`,
    );
  } else {
    const shown = documents.filter(({ series }) => series.length > 0);
    process.stdout.write(printableLines(shown.map(toText).join("\n")));
    process.stdout.write(printableLines(betweenRuns.map(({ sentence }) => `\n${sentence}\n`).join("")));
  }
  const lines = [...empty.map(({ why }) => printable(why.reason)), ...describeUnreadable(unreadable)];
  lines.forEach((line) => process.stderr.write(`gradlens: ${line}\n`));
  return isIncomplete || isLost ? 2 : 0;
}
