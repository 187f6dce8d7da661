import { t } from "@vscode/l10n";
import { isMissing, parseNumber, printedResolution } from "../shared/numbers.ts";
import type { ProblemList } from "#core/problems.ts";
import { isMetric } from "../shared/rows.ts";
import type { RowCollector } from "../shared/rows.ts";
import type { Dialect } from "./dialect.ts";
import type { LineSample } from "./lineRecord.ts";
import type { Pair } from "./pairs.ts";

export interface PairContext {
  readonly dialect: Dialect;
  readonly rows: RowCollector;
  readonly problems: ProblemList;
  readonly scope: string;
  readonly line: number;
}

/** The sample of a pair: none for the step and for what is no number, which for a norm or a loss is a problem. */
export function samplesOf({ name, printed }: Pair, context: PairContext): LineSample[] {
  const { dialect, rows, problems, scope, line } = context;
  if (dialect.stepNames?.includes(name) === true) {
    return [];
  }
  const fullName = withScope(scope, name);
  const { key } = rows.meaningOf(fullName);
  const value = parseNumber(printed);
  if (value === undefined) {
    if (isMetric(key) && !isMissing(printed)) {
      problems.add(line, t("{0}: {1} is no number.", fullName, printed.slice(0, 80)));
    }
    return [];
  }
  if (dialect.percentages?.includes(name) === true) {
    return [{ name: fullName, value: value / 100, isMetric: false }];
  }
  const resolution = dialect.hasFixedDecimals || value === 0 ? printedResolution(printed) : undefined;
  return [{ name: fullName, value, isMetric: isMetric(key), resolution }];
}

/** `validate` and `loss` give `validate/loss`; fairseq's `train_loss` says its scope itself. */
function withScope(scope: string, name: string): string {
  return scope === "" || name.startsWith(`${scope}_`) ? name : `${scope}/${name}`;
}
