import { t } from "@vscode/l10n";
import type { RunName } from "../header.ts";
import { createTickList } from "./tickList.ts";
import type { Tick } from "./tickList.ts";
import { MOST_OVERLAID, MOST_SIDE_BY_SIDE } from "./timelineState.ts";
import type { TimelineState } from "./timelineState.ts";

/** A list of the other runs to tick. */
export interface RunChoice {
  readonly element: HTMLElement;
  /** `norms` are drawn with the main one already. */
  readonly show: (state: TimelineState, others: readonly RunName[], norms: number) => void;
}

export function createRunChoice(onDidChange: (change: Partial<TimelineState>) => void): RunChoice {
  const list = createTickList();
  return {
    element: list.element,
    show(state, others, norms) {
      const chosen = others.filter(({ id }) => state.others.includes(id)).length;
      const summary = chosen === 0 ? t("Other runs") : t("Other runs: {0}", chosen);
      list.show(summary, others.length === 0 ? [] : ticksOf({ state, norms }, others, onDidChange));
    },
  };
}

function ticksOf(
  { state, norms }: { readonly state: TimelineState; readonly norms: number },
  others: readonly RunName[],
  onDidChange: (change: Partial<TimelineState>) => void,
): readonly Tick[] {
  const most = state.isSideBySide ? MOST_SIDE_BY_SIDE : MOST_OVERLAID - norms;
  const chosen = others.map(({ id }) => id).filter((id) => state.others.includes(id));
  const runs = others.map(({ id, name }, index) => {
    const isTicked = chosen.includes(id);
    return {
      id: `other-run-${index}`,
      label: name,
      isTicked,
      isDisabled: !isTicked && chosen.length >= most,
      onChange: (isChosen: boolean) =>
        onDidChange({ others: isChosen ? [...chosen, id] : chosen.filter((one) => one !== id) }),
    };
  });
  const layout = {
    id: "side-by-side",
    label: t("side by side"),
    isTicked: state.isSideBySide,
    isDisabled: false,
    onChange: (isSideBySide: boolean) =>
      onDidChange({ isSideBySide, others: chosen.slice(0, isSideBySide ? chosen.length : MOST_OVERLAID - norms) }),
  };
  return [layout, ...runs];
}
