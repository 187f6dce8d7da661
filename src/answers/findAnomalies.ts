import { unitOf } from "#core/series.ts";
import { checkRun } from "#analysis/consistency/ofRun.ts";
import type { Finding } from "#core/finding.ts";
import { RULES } from "#core/rules.ts";
import type { Severity } from "#core/rules.ts";
import { inEnglish } from "#l10n/language.ts";
import { composeAnswer } from "./compose.ts";
import { quoteData } from "./dataText.ts";
import type { FileAccess } from "./fileAccess.ts";
import { count } from "./listRuns.ts";
import { nameFilter } from "./nameFilter.ts";
import { readRun } from "./readRun.ts";
import type { ReadRun } from "./readRun.ts";
import { runLine } from "./runHead.ts";
import type { FindAnomaliesInput } from "./toolInputs.ts";

/** What is wrong with a run: its findings, the worst first, and the reasons to doubt its log. */
export async function findAnomalies(input: FindAnomaliesInput, access: FileAccess, mostBytes: number): Promise<string> {
  const found = await readRun(input.run, access);
  const all = await found.findings();
  const findings = chosenFrom(all, input);
  return composeAnswer(
    {
      head: [runLine(found, access.nowMs), summaryOf(findings, found, { ...input, all: all.length })],
      items: findings,
      rowOf: rowOf,
      what: "findings",
      page: input,
      tail: doubtsOf(found),
    },
    mostBytes,
  );
}

const RANKS: Readonly<Record<Severity, number>> = { info: 0, warning: 1, error: 2 };

function chosenFrom(
  findings: readonly Finding[],
  { severity = "info", tensor }: FindAnomaliesInput,
): readonly Finding[] {
  const isWanted = nameFilter(tensor);
  return findings
    .filter((one) => RANKS[one.severity] >= RANKS[severity])
    .filter((one) => tensor === undefined || (one.tensor !== null && isWanted(one.tensor)))
    .toSorted((a, b) => a.start - b.start)
    .toSorted((a, b) => RANKS[b.severity] - RANKS[a.severity]);
}

interface Asked extends FindAnomaliesInput {
  /** Findings there are. */
  readonly all: number;
}

function summaryOf(chosen: readonly Finding[], { run }: ReadRun, asked: Asked): string {
  if (run.first("globalNorm") === undefined && run.tensors().size === 0) {
    return "The log has no gradient norms, so nothing can be said about them.";
  }
  if (asked.all === 0) {
    return "No findings: the rules found nothing wrong with the logged norms.";
  }
  const isPart = asked.severity !== undefined || asked.tensor !== undefined;
  const of = isPart ? ` of ${asked.all}` : "";
  const bySeverity = (["error", "warning", "info"] as const)
    .map((severity) => [chosen.filter((one) => one.severity === severity).length, severity] as const)
    .filter(([many]) => many > 0)
    .map(([many, severity]) => (severity === "info" ? `${many} info` : count(many, severity)));
  return `${isPart ? `${chosen.length}${of} findings` : count(chosen.length, "finding")}${bySeverity.length === 0 ? "" : ` (${bySeverity.join(", ")})`}, the worst first:`;
}

// A message names the tensors behind it, and the log may have named them anything.
const MESSAGE_CHARACTERS = 320;

function rowOf({ severity, rule, tensor, start, end, axis, message, source }: Finding): string {
  const unit = unitOf(axis);
  const steps = end === start ? `${unit} ${start}` : `${unit}s ${start} to ${end ?? "now (it lasts)"}`;
  const where = tensor === null ? "global norm" : quoteData(tensor);
  const file = quoteData(source.path.split(/[\\/]/).at(-1) ?? "", NAME_CHARACTERS);
  return `- ${severity} ${rule} ${RULES[rule].name}, ${where}, ${steps}, ${file} line ${source.line}: ${quoteData(message, MESSAGE_CHARACTERS)}`;
}

const NAME_CHARACTERS = 60;
const MOST_DOUBTS = 3;

function doubtsOf({ run }: ReadRun): string[] {
  return inEnglish(() => checkRun(run))
    .slice(0, MOST_DOUBTS)
    .map(
      ({ isProven, sentence }) =>
        `Doubt (${isProven ? "proven" : "likely"}): ${quoteData(sentence, MESSAGE_CHARACTERS)}`,
    );
}
