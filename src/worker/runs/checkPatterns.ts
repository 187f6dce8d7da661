import type { PatternProblem } from "#protocol/workerAnswers.ts";
import { compilePattern } from "#readers/logs/custom/pattern.ts";
import { isDoneWithin } from "#readers/logs/custom/withinTime.ts";
import { t } from "@vscode/l10n";

// Of what logs are made of, in the length of a long line: a pattern that is slow here can hold up the reading of a log.
const LINE_LENGTH = 1000;
const LINES = ["a", "1", " ", "a=1 ", "1.5e-3, "].map((piece) => piece.repeat(LINE_LENGTH / piece.length));
const LIMIT_MS = 300;

/** The patterns that cannot be used or take long; empty when all is well. */
export function checkPatterns(patterns: readonly string[]): PatternProblem[] {
  return patterns.flatMap((source, index) => {
    const compiled = compilePattern(source);
    const reason = typeof compiled === "string" ? compiled : whySlow(compiled);
    return reason === null ? [] : { index, reason };
  });
}

function whySlow(pattern: RegExp): string | null {
  return isDoneWithin(LIMIT_MS, () => LINES.forEach((line) => pattern.test(line)))
    ? null
    : t(
        "it takes more than {0} ms on a line of {1} characters. Say more exactly what stands between its groups.",
        LIMIT_MS,
        LINE_LENGTH,
      );
}
