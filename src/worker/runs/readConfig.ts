import { resolve } from "node:path";
import { CONFIG_NAME } from "#core/config.ts";
import type { ConfigFile } from "#core/config.ts";
import { findUpward, readSmallText } from "#files/search/upward.ts";
import { parseConfig } from "#protocol/config.ts";
import { t } from "@vscode/l10n";
import { checkPatterns } from "./checkPatterns.ts";

// Far more than anybody writes by hand.
const MAX_BYTES = 1_000_000;

/**
 * The nearest configuration at or above a file or folder, but not above `top`; null where there is none. Rejects with a
 * sentence for people.
 */
export async function findConfig(start: string, top?: string): Promise<ConfigFile | null> {
  const path = await findUpward(resolve(start), CONFIG_NAME, top);
  return path === undefined ? null : readConfig(path);
}

export async function readConfig(path: string): Promise<ConfigFile> {
  const parsed = parseConfig(await readSmallText(resolve(path), MAX_BYTES));
  if ("problem" in parsed) {
    throw new Error(t("{0}: {1}.", path, parsed.problem));
  }
  const [bad] = checkPatterns(parsed.config.logPatterns ?? []);
  if (bad !== undefined) {
    throw new Error(t("{0}: logPatterns.{1}: {2}.", path, bad.index, bad.reason.replace(/[.。]$/, "")));
  }
  return { path: resolve(path), config: parsed.config };
}
