import { messageOf } from "#core/messageOf.ts";
import { t } from "@vscode/l10n";
import { whyTooSlow } from "./slowPatterns.ts";

/** A pattern of the user, ready for use; or what is wrong with it, in words that complete a sentence. */
export function compilePattern(source: string): RegExp | string {
  const reason = whyTooSlow(source);
  if (reason !== null) {
    return reason;
  }
  let pattern: RegExp;
  try {
    pattern = new RegExp(source);
  } catch (error) {
    return messageOf(error);
  }
  const groups = groupNames(source);
  if (!groups.includes("step")) {
    return t("it has no group (?<step>…), which must match the step.");
  }
  return groups.length > 1 ? pattern : t("beside (?<step>…) it needs (?<value>…) or a group with a series' name.");
}

function groupNames(source: string): string[] {
  return Array.from(source.matchAll(/\(\?<([A-Za-z_$][\w$]*)>/g), ([, name = ""]) => name);
}
