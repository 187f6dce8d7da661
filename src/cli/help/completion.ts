import process from "node:process";
import { completionScript, SHELLS } from "./completionScripts.ts";
import * as pages from "./helpPages.ts";
import { UsageError, parseCommand } from "../usage.ts";

/** Prints the script by which a shell completes the command line. */
export async function runCompletion(args: readonly string[]): Promise<number> {
  const { paths } = parseCommand(args, {}, "SHELL");
  const [name = "", ...others] = paths;
  const shell = SHELLS.find((known) => known === name);
  if (shell === undefined || others.length > 0) {
    throw new UsageError(`completion takes one of ${SHELLS.join(", ")}`);
  }
  process.stdout.write(completionScript(shell, Object.values(pages)));
  return 0;
}
