import { t } from "@vscode/l10n";

/**
 * Why a pattern could take forever on some line, null when it does not look so. A repeated group that holds something
 * repeated, like `(a+)+`, has exponentially many ways to fail, and JavaScript cannot be stopped while it tries them.
 */
export function whyTooSlow(source: string): string | null {
  if (source.length > MAX_SOURCE_LENGTH) {
    return t("it has {0} characters; up to {1} are allowed.", source.length, MAX_SOURCE_LENGTH);
  }
  const nested = nestedRepetition(source);
  return nested === null
    ? null
    : t("{0} repeats a group that holds a repetition or alternatives, which can take forever on a long line.", nested);
}

const MAX_SOURCE_LENGTH = 2000;
const UNBOUNDED = /^(?:[*+]|\{\d+,\})/;
const TOKEN = /\\.|\[(?:\\.|[^\]\\])*\]|\((?:\?(?:<[A-Za-z_$][\w$]*>|<?[=!]|:))?|./gsu;

interface OpenGroup {
  readonly start: number;
  /** It holds a repetition without bound, or alternatives. */
  isManifold: boolean;
}

/** The group that is repeated although there are many ways to match it once; null when there is none. */
function nestedRepetition(source: string): string | null {
  const open: OpenGroup[] = [];
  for (const { 0: token, index } of source.matchAll(TOKEN)) {
    const group = open.at(-1);
    const isRepeated = UNBOUNDED.test(source.slice(index + token.length));
    if (token.startsWith("(")) {
      open.push({ start: index, isManifold: false });
    } else if (group !== undefined) {
      if (token === ")" && isRepeated && group.isManifold) {
        return source.slice(group.start, index + 2);
      }
      closeOrMark(open, token, isRepeated);
    }
  }
  return null;
}

/** What makes a group manifold makes those around it so. */
function closeOrMark(open: OpenGroup[], token: string, isRepeated: boolean): void {
  const inner = token === ")" ? open.pop() : undefined;
  const group = open.at(-1);
  if (group !== undefined) {
    group.isManifold ||= isRepeated || token === "|" || inner?.isManifold === true;
  }
}
