import { formatNumber } from "#core/format.ts";
import { worstSeverity } from "#core/rules.ts";
import type { ToDashboard } from "#protocol/dashboard.ts";
import { t } from "@vscode/l10n";
import { element, setText } from "../shared/element.ts";
import { SEVERITY_ICONS } from "./findings/filterBar.ts";
import { hasNorms, hasSeveralNorms, normLine } from "./run.ts";
import type { ShownRun } from "./run.ts";

export type RunName = Extract<ToDashboard, { kind: "replace" }>["runs"][number];

/** Which run this is, and how it stands. */
export interface Header {
  readonly element: HTMLElement;
  readonly showRuns: (runs: readonly RunName[], shown: ShownRun | undefined) => void;
  readonly showState: (run: ShownRun) => void;
}

export function createHeader(onDidSelect: (id: string) => void): Header {
  const picker = element("select", { attributes: { "aria-label": t("Run") } });
  const name = element("h1");
  const source = element("span", { class: "source" });
  const facts = element("dl", { class: "facts" });
  picker.addEventListener("change", () => onDidSelect(picker.value));
  const identity = element("div", { class: "identity" }, [picker, name, source]);
  return { element: element("header", {}, [identity, facts]), showRuns, showState };

  function showRuns(runs: readonly RunName[], shown: ShownRun | undefined): void {
    const isChoice = runs.length > 1;
    picker.hidden = !isChoice;
    name.classList.toggle("visually-hidden", isChoice);
    picker.replaceChildren(...runs.map((run) => element("option", { text: run.name, attributes: { value: run.id } })));
    picker.value = shown?.id ?? "";
    setText(name, shown?.name ?? t("No run"));
    setText(source, shown?.source ?? "");
    source.title = shown?.source ?? "";
  }

  function showState(run: ShownRun): void {
    facts.replaceChildren(...factsOf(run).map(fact));
  }
}

interface Fact {
  readonly label: string;
  readonly value: string;
  readonly title?: string;
  readonly class?: string;
}

function fact({ label, value, title, class: name }: Fact): HTMLElement {
  const attributes = title === undefined ? {} : { title };
  return element("div", { class: name ?? "", attributes }, [
    element("dt", { text: label }),
    element("dd", { text: value }),
  ]);
}

function factsOf(run: ShownRun): readonly Fact[] {
  const line = normLine(run);
  const points = line?.curve.current();
  const step = points?.steps.at(-1);
  const norm = points?.values.at(-1);
  const isBroken = norm !== undefined && !Number.isFinite(norm);
  return [
    { label: t("Step"), value: step === undefined ? "–" : String(step) },
    {
      label: line !== undefined && hasSeveralNorms(run) ? line.name : t("Gradient norm"),
      value: norm === undefined ? t("not measured") : `${isBroken ? "✕ " : ""}${formatNumber(norm)}`,
      class: isBroken ? "is-broken" : "",
    },
    thresholdFact(run),
    findingsFact(run),
  ];
}

/** How many, with the sign of the worst; ✓ only where there were norms to judge. */
function findingsFact(run: ShownRun): Fact {
  const { findings } = run;
  const worst = worstSeverity(findings);
  const sign = worst === undefined ? (hasNorms(run) ? "✓ " : "") : `${SEVERITY_ICONS[worst]} `;
  return {
    label: findings.length === 1 ? t("Finding") : t("Findings"),
    value: `${sign}${findings.length}`,
    class: worst === undefined ? "" : `severity-${worst}`,
  };
}

function thresholdFact({ clipThreshold }: ShownRun): Fact {
  return {
    label: t("Clip threshold"),
    value: clipThreshold === null ? t("unknown") : formatNumber(clipThreshold.value),
    title: clipThreshold?.source ?? t("No threshold was found in the log."),
  };
}
