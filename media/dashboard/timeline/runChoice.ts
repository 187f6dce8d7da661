import { t } from "@vscode/l10n";
import { element, setText } from "../../shared/element.ts";
import type { RunName } from "../header.ts";
import { MOST_OVERLAID, MOST_SIDE_BY_SIDE } from "./timelineState.ts";
import type { TimelineState } from "./timelineState.ts";

/** A list of the other runs to tick. */
export interface RunChoice {
  readonly element: HTMLElement;
  readonly show: (state: TimelineState, others: readonly RunName[]) => void;
}

export function createRunChoice(onDidChange: (change: Partial<TimelineState>) => void): RunChoice {
  const summary = element("summary", { text: t("Other runs") });
  const list = element("div", { class: "run-choice" });
  const box = element("details", { class: "group" }, [summary, list]);
  let shown = "";
  closeFromOutside(box, summary);
  return {
    element: box,
    show(state, others) {
      box.hidden = others.length === 0;
      const chosen = others.filter(({ id }) => state.others.includes(id)).length;
      setText(summary, chosen === 0 ? t("Other runs") : t("Other runs: {0}", chosen));
      const key = JSON.stringify([state.others, state.isSideBySide, others]);
      if (key !== shown) {
        shown = key;
        const focused = list.contains(document.activeElement) ? document.activeElement?.id : undefined;
        list.replaceChildren(...entriesOf(state, others, onDidChange));
        Array.from(list.querySelectorAll("input"))
          .find(({ id }) => id === focused)
          ?.focus();
      }
    },
  };
}

/** As a menu: a click beside it and Escape close it. */
function closeFromOutside(box: HTMLDetailsElement, summary: HTMLElement): void {
  document.addEventListener("pointerdown", ({ target }) => {
    if (target instanceof Node && !box.contains(target)) {
      box.open = false;
    }
  });
  box.addEventListener("keydown", ({ key }) => {
    if (key === "Escape" && box.open) {
      box.open = false;
      summary.focus();
    }
  });
}

function entriesOf(
  state: TimelineState,
  others: readonly RunName[],
  onDidChange: (change: Partial<TimelineState>) => void,
): readonly HTMLElement[] {
  const most = state.isSideBySide ? MOST_SIDE_BY_SIDE : MOST_OVERLAID;
  const chosen = others.map(({ id }) => id).filter((id) => state.others.includes(id));
  const runs = others.map(({ id, name }, index) => {
    const isChosen = chosen.includes(id);
    const isFull = !isChosen && chosen.length >= most;
    return checkbox(name, { id: `other-run-${index}`, isChecked: isChosen, isDisabled: isFull }, (isTicked) => {
      onDidChange({ others: isTicked ? [...chosen, id] : chosen.filter((one) => one !== id) });
    });
  });
  const layout = checkbox(
    t("side by side"),
    { id: "side-by-side", isChecked: state.isSideBySide, isDisabled: false },
    (isSideBySide) =>
      onDidChange({ isSideBySide, others: chosen.slice(0, isSideBySide ? chosen.length : MOST_OVERLAID) }),
  );
  return [layout, ...runs];
}

function checkbox(
  label: string,
  { id, isChecked, isDisabled }: { readonly id: string; readonly isChecked: boolean; readonly isDisabled: boolean },
  onChange: (isTicked: boolean) => void,
): HTMLElement {
  const input = element("input", { attributes: { type: "checkbox", id } });
  input.checked = isChecked;
  input.disabled = isDisabled;
  input.addEventListener("change", () => onChange(input.checked));
  return element("label", {}, [input, element("span", { text: label })]);
}
