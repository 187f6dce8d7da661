import { rankBySquare } from "#analysis/blame.ts";
import type { SourcedSeries } from "#store/joined.ts";
import type { Run } from "#store/run.ts";
import type { RunStore } from "#store/runStore.ts";
import * as vscode from "vscode";
import { describeTensor, escapeMarkdown } from "./hoverText.ts";
import { runName } from "./runsTree.ts";
import { settings } from "./settings.ts";
import { sparklineUri } from "./sparkline.ts";
import { matchTensors, nameAt } from "./tensorNames.ts";

const SELECTOR: vscode.DocumentSelector = [
  { language: "python" },
  { language: "json" },
  { language: "jsonl" },
  { language: "log" },
  { language: "plaintext" },
  { pattern: "**/*.{py,json,jsonl,log,csv,txt}" },
];
const MAX_CANDIDATES = 8;

/** Shows a tensor's gradient norms over its name in source, logs and JSON; from memory, or not at all. */
export function registerHover(store: RunStore): vscode.Disposable {
  return vscode.languages.registerHoverProvider(SELECTOR, {
    provideHover(document, position) {
      const name = settings.hover() ? nameAt(document.lineAt(position.line).text, position.character) : undefined;
      if (name === undefined) {
        return undefined;
      }
      const texts = store.runs().flatMap((run) => hoverText(run, name.text));
      const range = new vscode.Range(position.line, name.start, position.line, name.end);
      return texts.length === 0 ? undefined : new vscode.Hover(texts, range);
    },
  });
}

function hoverText(run: Run, name: string): vscode.MarkdownString[] {
  const tensors = run.tensors();
  const [first, ...others] = matchTensors(name, tensors.keys());
  const series = first === undefined ? undefined : tensors.get(first);
  if (first === undefined || series === undefined) {
    return [];
  }
  return others.length === 0 ? [describeOne(run, first, series)] : [listCandidates(run, [first, ...others])];
}

function describeOne(run: Run, tensor: string, series: SourcedSeries): vscode.MarkdownString {
  const [steps, values] = [series.steps(), series.values()];
  const ranked = rankBySquare(run.tensorNormsAt(steps.at(-1) ?? Number.NaN));
  const share = ranked.find((one) => one.tensor === tensor)?.share ?? null;
  const lines = describeTensor({ tensor, runName: runName(run.id), steps, values, share });
  const text = new vscode.MarkdownString();
  text.supportHtml = true;
  text.isTrusted = { enabledCommands: ["gradlens.openDashboard"] };
  text.appendMarkdown(`**${escapeMarkdown(tensor)}**\n\n`);
  text.appendMarkdown(`<img width="240" height="48" alt="last norms, logarithmic" src="${sparklineUri(values)}">\n\n`);
  text.appendMarkdown(lines.map((line) => `${escapeMarkdown(line)}  \n`).join(""));
  const args = encodeURIComponent(JSON.stringify([run.id]));
  return text.appendMarkdown(`\n[${vscode.l10n.t("Open Dashboard")}](command:gradlens.openDashboard?${args})`);
}

/** More than one tensor ends in this name: say which, and show no number that could be the wrong one's. */
function listCandidates(run: Run, tensors: readonly string[]): vscode.MarkdownString {
  const text = new vscode.MarkdownString();
  const title = vscode.l10n.t("{0} tensors of {1} end in this name:", tensors.length, runName(run.id));
  const shown = [title, ...tensors.slice(0, MAX_CANDIDATES)].map(escapeMarkdown);
  return text.appendMarkdown(shown.join("\n- "));
}
