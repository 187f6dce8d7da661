import { unitOf } from "#core/series.ts";
import { formatCount } from "#core/format.ts";
import { mainName } from "#analysis/normNames.ts";
import { checkRun } from "#analysis/consistency/ofRun.ts";
import type { Finding } from "#core/finding.ts";
import { RULES, SEVERITIES, WORST_FIRST, isAtLeast } from "#core/rules.ts";
import { inEnglish } from "#l10n/language.ts";
import { composeAnswer } from "./compose.ts";
import { quoteData } from "./dataText.ts";
import type { FileAccess } from "./fileAccess.ts";
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
      rowOf: (finding) => rowOf(finding, mainName(found.run)),
      what: "findings",
      page: input,
      tail: doubtsOf(found),
    },
    mostBytes,
  );
}

function chosenFrom(
  findings: readonly Finding[],
  { severity = "info", tensor }: FindAnomaliesInput,
): readonly Finding[] {
  const isWanted = nameFilter(tensor);
  return findings
    .filter((one) => isAtLeast(one.severity, severity))
    .filter((one) => tensor === undefined || (one.tensor !== null && isWanted(one.tensor)))
    .toSorted((a, b) => a.start - b.start)
    .toSorted((a, b) => SEVERITIES.indexOf(b.severity) - SEVERITIES.indexOf(a.severity));
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
  const many = isPart ? `${chosen.length} of ${asked.all} findings` : formatCount(chosen.length, "finding");
  return `${many}${countsBySeverity(chosen)}, the worst first:`;
}

/** ` (2 errors, 1 info)`; nothing of no findings. */
function countsBySeverity(findings: readonly Finding[]): string {
  const counts = WORST_FIRST.flatMap((severity) => {
    const many = findings.filter((one) => one.severity === severity).length;
    return many === 0 ? [] : [severity === "info" ? `${many} info` : formatCount(many, severity)];
  });
  return counts.length === 0 ? "" : ` (${counts.join(", ")})`;
}

// A message names the tensors behind it, and the log may have named them anything.
const MESSAGE_CHARACTERS = 320;

/** `main` is the name of the main norm in a run that has several. */
function rowOf({ severity, rule, tensor, start, end, axis, message, source }: Finding, main: string | null): string {
  const unit = unitOf(axis);
  const steps = end === start ? `${unit} ${start}` : `${unit}s ${start} to ${end ?? "now (it lasts)"}`;
  const name = tensor ?? main;
  const where = `${tensor === null ? "global norm" : ""} ${name === null ? "" : quoteData(name)}`.trim();
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
