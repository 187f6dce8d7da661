import type { Finding } from "#core/finding.ts";
import type { Numbers } from "#core/numbers.ts";
import type { SourcedSeries } from "#store/series.ts";
import type { Run } from "#store/run.ts";
import { stepTitle } from "#l10n/stepName.ts";
import { t } from "@vscode/l10n";
import * as vscode from "vscode";
import type { FindingsBook } from "#following/findingsBook.ts";
import { runName } from "../runs/runNames.ts";
import { commandLink } from "./commandLink.ts";
import { describeTensor, escapeMarkdown } from "./hoverText.ts";
import type { LoggedFacts } from "./hoverText.ts";
import { placeAmong } from "./placeAmong.ts";
import type { RunTensors } from "./runTensors.ts";
import { sparklineUri } from "./sparkline.ts";
import { newestPair } from "./updatesBook.ts";
import type { UpdatesBook } from "./updatesBook.ts";

export interface TensorHoverSources {
  readonly findings: FindingsBook;
  readonly tensors: RunTensors;
  readonly updates: UpdatesBook;
}

const MAX_CANDIDATES = 8;

/** What a hover shows of the tensors that a name means in a run: one with its norms, or the names of several. */
export function tensorHover(
  run: Run,
  names: readonly string[],
  sources: TensorHoverSources,
): vscode.MarkdownString | undefined {
  const [only, ...others] = names;
  if (only === undefined) {
    return undefined;
  }
  return others.length === 0 ? describeOne(run, only, sources) : listCandidates(run, names);
}

function describeOne(run: Run, tensor: string, sources: TensorHoverSources): vscode.MarkdownString {
  const series = run.tensors().get(tensor);
  const stored = sources.tensors.of(run)?.stored(tensor) ?? [];
  const update = sources.updates.of(run, tensor);
  const logged = series === undefined ? undefined : loggedFacts(run, series);
  const lines = describeTensor({ runName: runName(run.id), logged, stored, update });
  const text = new vscode.MarkdownString();
  text.supportHtml = true;
  text.isTrusted = {
    enabledCommands: [
      "gradlens.openDashboard",
      "gradlens.openTensor",
      "gradlens.revealStepInLog",
      "gradlens.computeRunNorms",
    ],
  };
  text.appendMarkdown(`**${escapeMarkdown(tensor)}**\n\n`);
  if (logged !== undefined) {
    const marked = markedIn(logged.steps, sources.findings.of(run), tensor);
    const picture = sparklineUri(logged.values, marked);
    const what = escapeMarkdown(t("last norms, logarithmic"));
    text.appendMarkdown(`<img width="240" height="48" alt="${what}" src="${picture}">\n\n`);
  }
  text.appendMarkdown(lines.map((line) => `${escapeMarkdown(line)}  \n`).join(""));
  return text.appendMarkdown(
    `\n${linksFor(run, tensor, { logged, canCompute: canCompute(run, { stored, update }) }).join(" · ")}`,
  );
}

function loggedFacts(run: Run, series: SourcedSeries): LoggedFacts {
  const steps = series.steps();
  const step = steps.at(-1) ?? Number.NaN;
  const place = placeAmong(normAtStep(series, step), normsAtStep(run, step));
  return {
    steps,
    axis: series.key.axis,
    values: series.values(),
    isEstimate: series.key.isEstimate === true,
    ...place,
  };
}

function* normsAtStep(run: Run, step: number): Iterable<number> {
  for (const series of run.tensors().values()) {
    const norm = normAtStep(series, step);
    if (norm !== undefined) {
      yield norm;
    }
  }
}

/** Mostly the last one, and then it need not be searched for. */
function normAtStep(series: SourcedSeries, step: number): number | undefined {
  const last = series.last();
  return last?.step === step ? last.value : series.valueAt(step);
}

/** Where the findings of the tensor, and of the global norm, have their peaks. */
function markedIn(steps: Numbers, findings: readonly Finding[], tensor: string): readonly number[] {
  const peaks = new Set(
    findings.filter((finding) => finding.tensor === null || finding.tensor === tensor).map(({ peak }) => peak),
  );
  return Array.from(steps.keys()).filter((index) => peaks.has(steps[index] ?? Number.NaN));
}

/** Whether the run has checkpoints that could tell more. */
function canCompute(run: Run, known: { readonly stored: readonly unknown[]; readonly update: unknown }): boolean {
  return (
    (known.stored.length === 0 && run.checkpoints().length > 0) ||
    (known.update === undefined && newestPair(run) !== undefined)
  );
}

interface LinkFacts {
  readonly logged: LoggedFacts | undefined;
  readonly canCompute: boolean;
}

function linksFor(run: Run, tensor: string, facts: LinkFacts): readonly string[] {
  const step = facts.logged?.steps.at(-1);
  return [
    facts.logged === undefined
      ? commandLink(t("Open Dashboard"), "gradlens.openDashboard", run.id)
      : commandLink(t("Open Dashboard"), "gradlens.openTensor", { run: run.id, tensor }),
    ...(step === undefined
      ? []
      : [
          commandLink(t("Reveal {0} in Log", stepTitle(step, facts.logged?.axis)), "gradlens.revealStepInLog", {
            run: run.id,
            step,
          }),
        ]),
    ...(facts.canCompute ? [commandLink(t("Compute from Checkpoints"), "gradlens.computeRunNorms", run.id)] : []),
  ];
}

/** More than one tensor can be meant: say which, and show no number that could be the wrong one's. */
function listCandidates(run: Run, tensors: readonly string[]): vscode.MarkdownString {
  const text = new vscode.MarkdownString();
  const title = t("{0} tensors of {1} can be meant here:", tensors.length, runName(run.id));
  const more = tensors.length - MAX_CANDIDATES;
  const rest = more > 0 ? [t("and {0} more", more)] : [];
  const shown = [title, ...tensors.slice(0, MAX_CANDIDATES), ...rest].map(escapeMarkdown);
  return text.appendMarkdown(shown.join("\n- "));
}
