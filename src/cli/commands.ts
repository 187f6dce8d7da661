import type { ParseArgsConfig } from "node:util";
import { runCheck } from "./check/check.ts";
import { CHECK_OPTIONS } from "./check/checkOptions.ts";
import { CLIP_OPTIONS, runClip } from "./clip/clip.ts";
import { runCompletion } from "./help/completion.ts";
import { DIFF_OPTIONS, runDiff } from "./diff/diff.ts";
import type { CommandHelp } from "./help/help.ts";
import * as help from "./help/helpPages.ts";
import { LOG_OPTIONS, runLog } from "./log/log.ts";
import { runMcp } from "./mcp/runMcp.ts";
import { MERGE_OPTIONS, runMerge } from "./norms/merge.ts";
import { NORMS_OPTIONS, runNorms } from "./norms/norms.ts";
import { runWatch } from "./watch/watch.ts";
import { WATCH_OPTIONS } from "./watch/watchOptions.ts";

export interface Command {
  readonly help: CommandHelp;
  /** As they are parsed. */
  readonly options: NonNullable<ParseArgsConfig["options"]>;
  /** Gives the exit code. Rejects with a sentence for people. */
  readonly run: (args: readonly string[], signal: AbortSignal) => Promise<number>;
}

/** In the order of the help. */
export const COMMANDS: readonly Command[] = [
  { help: help.CHECK_HELP, options: CHECK_OPTIONS, run: runCheck },
  { help: help.WATCH_HELP, options: WATCH_OPTIONS, run: runWatch },
  { help: help.LOG_HELP, options: LOG_OPTIONS, run: runLog },
  { help: help.CLIP_HELP, options: CLIP_OPTIONS, run: runClip },
  { help: help.NORMS_HELP, options: NORMS_OPTIONS, run: runNorms },
  { help: help.MERGE_HELP, options: MERGE_OPTIONS, run: runMerge },
  { help: help.DIFF_HELP, options: DIFF_OPTIONS, run: runDiff },
  { help: help.MCP_HELP, options: {}, run: runMcp },
  { help: help.COMPLETION_HELP, options: {}, run: runCompletion },
];
