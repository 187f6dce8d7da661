import { mainName } from "#analysis/normNames.ts";
import type { Finding } from "#core/finding.ts";
import type { Run } from "#store/run.ts";
import { stepName } from "#l10n/stepName.ts";
import { t } from "@vscode/l10n";
import * as vscode from "vscode";
import type { FindingsBook } from "#following/findingsBook.ts";
import { runName } from "../runs/runNames.ts";
import { commandLink } from "./commandLink.ts";
import { escapeMarkdown } from "./hoverText.ts";
import { normAt, numberAt } from "./normAt.ts";
import type { NormAt } from "./normAt.ts";
import { describeNorm } from "./normText.ts";
import type { ClippingBook } from "./runClipping.ts";
import type { SuspicionsBook } from "./suspicionsBook.ts";

export interface NormHoverSources {
  readonly findings: FindingsBook;
  readonly clipping: ClippingBook;
  readonly suspicions: SuspicionsBook;
}

/** What a hover shows over a norm in a log of a followed run. */
export function normHover(
  document: vscode.TextDocument,
  position: vscode.Position,
  runs: readonly Run[],
  sources: NormHoverSources,
): vscode.Hover | undefined {
  const path = document.uri.fsPath;
  const run = runs.find((one) => one.logs().some((log) => log.path === path));
  const number = run && numberAt(document.lineAt(position.line).text, position.character);
  const norm = number && normAt(run, path, position.line, number);
  if (run === undefined || number === undefined || norm === undefined) {
    return undefined;
  }
  const lines = describeNorm(factsOf(run, norm, sources)).map(escapeMarkdown);
  const text = new vscode.MarkdownString(lines.join("  \n"));
  text.isTrusted = { enabledCommands: ["gradlens.openDashboard"] };
  text.appendMarkdown(`\n\n${commandLink(t("Open Dashboard"), "gradlens.openDashboard", run.id)}`);
  return new vscode.Hover(text, new vscode.Range(position.line, number.start, position.line, number.end));
}

function factsOf(
  run: Run,
  { series, step, value }: NormAt,
  sources: NormHoverSources,
): Parameters<typeof describeNorm>[0] {
  const { tensor } = series.key;
  const isFirst = series === run.first("globalNorm");
  const named = isFirst ? null : (tensor ?? series.key.name);
  const verdict = isFirst ? sources.clipping.ifMeasured(run)?.advice.verdict : undefined;
  const lasts = ({ start, end }: Finding): boolean => start <= step && step <= (end ?? Infinity);
  const isOfThis = (finding: Finding): boolean => finding.tensor === named && (finding.peak === step || lasts(finding));
  return {
    tensor,
    norm: isFirst ? mainName(run) : series.key.name,
    runName: runName(run.id),
    step: stepName(step, series.key.axis),
    value,
    values: series.values(),
    clipping: verdict && { verdict, threshold: run.clipThreshold()?.value },
    findings: sources.findings
      .of(run)
      .filter(isOfThis)
      .map(({ rule, message }) => `${rule}: ${message}`),
    suspicions: isFirst ? sources.suspicions.of(run).map(({ sentence }) => sentence) : [],
  };
}
