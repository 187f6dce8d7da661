import type { Finding } from "#core/finding.ts";
import { countFindings } from "#l10n/counts.ts";
import { ruleName, severityName } from "#l10n/names.ts";
import type { FromDashboard } from "#protocol/dashboard.ts";
import { t } from "@vscode/l10n";
import { element, setText } from "../../shared/element.ts";
import { describeSteps } from "../sentence.ts";
import { SEVERITY_ICONS, createFilterBar } from "./filterBar.ts";
import { findingActions } from "./findingActions.ts";
import { keepsFinding } from "./findingsFilter.ts";
import type { FindingsFilter } from "./findingsFilter.ts";

/** All findings of the run, filtered; the chosen one is marked, and offers what can be done about it. */
export interface FindingsList {
  readonly element: HTMLElement;
  /** Without norms that could be judged, no finding is no good news. */
  readonly show: (findings: readonly Finding[], chosen: Finding | undefined, hasNorms: boolean) => void;
}

export interface FindingsListOptions {
  readonly filter: FindingsFilter;
  readonly onDidFilter: (filter: FindingsFilter) => void;
  readonly onDidChoose: (finding: Finding) => void;
  readonly post: (message: FromDashboard) => void;
}

interface Entry {
  readonly finding: Finding;
  readonly item: HTMLLIElement;
  readonly button: HTMLButtonElement;
}

export function createFindingsList(options: FindingsListOptions): FindingsList {
  const title = element("h2", { text: t("Findings") });
  const list = element("ul", { class: "findings-list" });
  const none = element("p", { class: "quiet-text" });
  const bar = createFilterBar(refilter);
  let { filter } = options;
  let all: readonly Finding[] = [];
  let isJudged = false;
  let chosen: Finding | undefined;
  let entries: readonly Entry[] = [];
  let marked: Entry | undefined;
  return { element: element("section", { class: "findings" }, [title, bar.element, none, list]), show };

  function show(findings: readonly Finding[], newChosen: Finding | undefined, hasNorms: boolean): void {
    all = findings;
    chosen = newChosen;
    isJudged = hasNorms;
    bar.show(all, filter);
    // What was chosen on a chart is listed, whatever the filter says.
    const kept = all.filter((finding) => finding === chosen || keepsFinding(filter, finding));
    const hidden = all.length - kept.length;
    setText(title, all.length === 0 ? t("Findings") : countFindings(all.length));
    setText(none, all.length > 0 ? t("{0} hidden by the filter.", hidden) : noFindings(hasNorms));
    none.hidden = all.length > 0 && hidden === 0;
    list.hidden = kept.length === 0;
    rebuild(kept);
    mark(entries.find(({ finding }) => finding === chosen));
  }

  function refilter(change: Partial<FindingsFilter>): void {
    filter = { ...filter, ...change };
    options.onDidFilter(filter);
    show(all, chosen, isJudged);
  }

  /** Entries that say the same are kept, and with them the focus: a run that grows must not take it away. */
  function rebuild(kept: readonly Finding[]): void {
    const focused = entries.find(({ item }) => item.contains(document.activeElement));
    const [before, known] = [entries, new Map(entries.map((entry) => [textOf(entry.finding), entry]))];
    entries = kept.map((finding) => {
      const same = known.get(textOf(finding));
      return same === undefined ? entryOf(finding) : { ...same, finding };
    });
    if (entries.length !== before.length || entries.some(({ item }, index) => item !== before[index]?.item)) {
      list.replaceChildren(...entries.map(({ item }) => item));
      const after = entries.find(({ finding }) => focused !== undefined && keyOf(finding) === keyOf(focused.finding));
      after?.button.focus({ preventScroll: true });
    }
  }

  function mark(entry: Entry | undefined): void {
    if (marked?.item !== entry?.item) {
      markEntry(marked, undefined);
      markEntry(entry, options.post);
    }
    marked = entry;
  }

  function entryOf(finding: Finding): Entry {
    const attributes = { type: "button", "aria-current": "false" };
    const button = element("button", { class: "finding", attributes }, partsOf(finding));
    const item = element("li", {}, [button]);
    button.addEventListener("click", () => {
      const current = entries.find((entry) => entry.item === item); // It may have grown since.
      options.onDidChoose(current?.finding ?? finding);
    });
    return { finding, button, item };
  }
}

function noFindings(hasNorms: boolean): string {
  return hasNorms ? t("✓ No findings so far.") : t("No gradient norm was logged, so there is nothing to judge.");
}

/** Only the chosen entry offers actions: a list of them would be longer than the findings. */
function markEntry(entry: Entry | undefined, post: FindingsListOptions["post"] | undefined): void {
  entry?.button.setAttribute("aria-current", String(post !== undefined));
  if (entry !== undefined && post !== undefined) {
    entry.item.append(findingActions(entry.finding, post));
    entry.item.scrollIntoView({ block: "nearest" });
  } else {
    entry?.item.querySelector(".finding-actions")?.remove();
  }
}

function partsOf(finding: Finding): readonly HTMLElement[] {
  const icon = element("span", { class: "icon", text: SEVERITY_ICONS[finding.severity] });
  icon.setAttribute("aria-hidden", "true");
  return [
    element("span", { class: `finding-head severity-${finding.severity}` }, [
      icon,
      element("span", { text: severityName(finding.severity) }),
      element("span", { class: "rule", text: `${finding.rule} ${ruleName(finding.rule)}` }),
      element("span", { class: "steps", text: describeSteps(finding) }),
    ]),
    element("span", { class: "finding-message", text: finding.message }),
  ];
}

function keyOf({ rule, tensor, start }: Finding): string {
  return `${rule} ${start} ${tensor ?? ""}`;
}

/** All that an entry says. */
function textOf(finding: Finding): string {
  return `${keyOf(finding)} ${String(finding.end)} ${finding.severity} ${finding.message}`;
}
