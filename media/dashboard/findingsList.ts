import type { Finding } from "#core/finding.ts";
import { RULES } from "#core/rules.ts";
import { element, setText } from "../shared/element.ts";
import { describeSteps, plural } from "./sentence.ts";

export interface FindingsList {
  readonly element: HTMLElement;
  readonly show: (findings: readonly Finding[], chosen: Finding | undefined) => void;
}

/** Shape and word go together: colour alone says nothing. */
const SEVERITY_ICONS: Readonly<Record<Finding["severity"], string>> = { error: "✕", warning: "▲", info: "●" };

export function createFindingsList(onDidChoose: (finding: Finding) => void): FindingsList {
  const title = element("h2", { text: "Findings" });
  const list = element("ul", { class: "findings-list" });
  const none = element("p", { class: "quiet-text", text: "No findings so far." });
  let buttons: readonly HTMLButtonElement[] = [];
  let shown: readonly Finding[] = [];
  return { element: element("section", { class: "findings" }, [title, none, list]), show };

  function show(findings: readonly Finding[], chosen: Finding | undefined): void {
    setText(title, findings.length === 0 ? "Findings" : plural(findings.length, "finding"));
    none.hidden = findings.length > 0;
    list.hidden = findings.length === 0;
    if (findings.length !== shown.length || findings.some((finding, index) => !isSame(finding, shown[index]))) {
      rebuild(findings);
    }
    for (const [index, finding] of findings.entries()) {
      buttons[index]?.setAttribute("aria-current", String(finding === chosen));
    }
    buttons[chosen === undefined ? -1 : findings.indexOf(chosen)]?.scrollIntoView({ block: "nearest" });
    shown = findings;
  }

  /** Keeps the focus on the same entry, because a run that grows must not take it away. */
  function rebuild(findings: readonly Finding[]): void {
    const focused = buttons.findIndex((each) => each === document.activeElement);
    const before = shown[focused];
    shown = findings;
    buttons = findings.map((_, index) => entry(index));
    list.replaceChildren(...buttons.map((each) => element("li", {}, [each])));
    const after = before === undefined ? -1 : findings.findIndex((finding) => keyOf(finding) === keyOf(before));
    buttons[after]?.focus({ preventScroll: true });
  }

  function entry(index: number): HTMLButtonElement {
    const created = element("button", { class: "finding", attributes: { type: "button" } });
    const finding = shown[index];
    created.addEventListener("click", () => {
      const current = shown[index];
      if (current !== undefined) {
        onDidChoose(current);
      }
    });
    if (finding !== undefined) {
      created.append(...partsOf(finding));
    }
    return created;
  }
}

function partsOf(finding: Finding): readonly HTMLElement[] {
  const icon = element("span", { class: "icon", text: SEVERITY_ICONS[finding.severity] });
  icon.setAttribute("aria-hidden", "true");
  return [
    element("span", { class: `finding-head severity-${finding.severity}` }, [
      icon,
      element("span", { text: finding.severity }),
      element("span", { class: "rule", text: `${finding.rule} ${RULES[finding.rule].name}` }),
      element("span", { class: "steps", text: describeSteps(finding) }),
    ]),
    element("span", { class: "finding-message", text: finding.message }),
  ];
}

function keyOf({ rule, tensor, start }: Finding): string {
  return `${rule} ${start} ${tensor ?? ""}`;
}

function isSame(a: Finding, b: Finding | undefined): boolean {
  return (
    b !== undefined && keyOf(a) === keyOf(b) && a.end === b.end && a.message === b.message && a.severity === b.severity
  );
}
