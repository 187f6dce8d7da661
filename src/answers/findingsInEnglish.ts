import type { Finding } from "#core/finding.ts";
import { DEFAULT_RULES } from "#core/rules.ts";
import type { FollowedRun } from "./fileAccess.ts";
import { judgeInPieces } from "./judgeInPieces.ts";

/** The findings on a followed run with English messages: people have theirs in their own language, so the run is judged anew. */
export async function findingsInEnglish(
  { run, findings, isEnglish }: FollowedRun,
  pause: () => Promise<void>,
): Promise<readonly Finding[]> {
  if (isEnglish || findings.length === 0) {
    return findings;
  }
  const rules = new Set([...DEFAULT_RULES, ...findings.map(({ rule }) => rule)]);
  const messages = new Map((await judgeInPieces(run, rules, pause)).map((one) => [keyOf(one), one.message]));
  return findings.map((finding) => ({ ...finding, message: messages.get(keyOf(finding)) ?? finding.message }));
}

function keyOf({ rule, tensor, start }: Finding): string {
  return JSON.stringify([rule, tensor, start]);
}
