import type { FurtherNorm } from "#protocol/dashboard/furtherNorm.ts";
import { t } from "@vscode/l10n";
import type { ShownRun } from "../run.ts";
import { createTickList } from "./tickList.ts";
import type { Tick } from "./tickList.ts";
import { MOST_OVERLAID } from "./timelineState.ts";
import type { TimelineState } from "./timelineState.ts";

type NormsRun = Pick<ShownRun, "axis" | "furtherNorms">;

/** The further norms that are drawn with the main one; `others` are the runs drawn over it. */
export function chosenNorms({ axis, furtherNorms }: NormsRun, state: TimelineState, others: number): readonly string[] {
  return furtherNorms
    .filter((norm) => norm.axis === axis && (wishOf(state, norm.name) ?? !norm.isApart))
    .map(({ name }) => name)
    .slice(0, roomFor(state, others));
}

/** A list of the run's further norms to tick. */
export interface NormChoice {
  readonly element: HTMLElement;
  readonly show: (run: NormsRun, state: TimelineState, others: number) => void;
}

export function createNormChoice(onDidChange: (change: Partial<TimelineState>) => void): NormChoice {
  const list = createTickList();
  return {
    element: list.element,
    show(run, state, others) {
      const chosen = chosenNorms(run, state, others);
      const isFull = chosen.length >= roomFor(state, others);
      const ticks = run.furtherNorms.map((norm, index): Tick => {
        const isTicked = chosen.includes(norm.name);
        const why = norm.axis === run.axis ? undefined : describeAxis(norm);
        return {
          id: `further-norm-${index}`,
          label: norm.name,
          isTicked,
          isDisabled: why !== undefined || (!isTicked && isFull),
          ...(why !== undefined && { title: why }),
          onChange: (isWanted) => onDidChange({ norms: { ...state.norms, [norm.name]: isWanted } }),
        };
      });
      list.show(chosen.length === 0 ? t("Further norms") : t("Further norms: {0}", chosen.length), ticks);
    },
  };
}

/** What people have said of a norm of this name: in this run, or in another. */
function wishOf({ norms }: TimelineState, name: string): boolean | undefined {
  return Object.hasOwn(norms, name) ? norms[name] : undefined;
}

function roomFor({ isSideBySide }: TimelineState, others: number): number {
  return Math.max(0, MOST_OVERLAID - (isSideBySide ? 0 : others));
}

/** Why a norm cannot be drawn over the steps of the main one. */
function describeAxis({ axis }: FurtherNorm): string {
  return axis === undefined ? t("It counts steps of the optimizer, unlike the main norm.") : OTHER_AXIS[axis];
}

const OTHER_AXIS = {
  epochs: t("It counts epochs, unlike the main norm."),
  samples: t("It counts samples, unlike the main norm."),
  tokens: t("It counts tokens, unlike the main norm."),
};
