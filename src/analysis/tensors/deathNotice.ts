import { percentInTwoDigits } from "#core/format.ts";
import { t } from "@vscode/l10n";
import { isDead } from "./deadGroups.ts";
import type { DeadGroup } from "./deadGroups.ts";
import { listNames } from "#l10n/lists.ts";
import { stepName } from "#l10n/stepName.ts";
import type { Lives } from "./lives.ts";
import type { Roster } from "./roster.ts";
import type { TensorEpisode } from "./tensorRow.ts";

/** From this share of the tensors on, the model is not training. */
const ERROR_SHARE = 0.1;

interface Known {
  readonly roster: Roster;
  readonly lives: Lives;
}

/** Groups of dead tensors as findings. */
export function describeDeath(groups: readonly DeadGroup[], known: Known): readonly TensorEpisode[] {
  const measured = known.lives.points.count();
  return groups.map((group) => {
    const notice = noticeOf(group, measured);
    const isError = deadAt(notice.start, groups) >= ERROR_SHARE * measured;
    return {
      rule: "GN301",
      severity: isError ? "error" : "warning",
      tensors: notice.tensors,
      start: notice.start,
      peak: notice.start,
      end: notice.end,
      value: 0,
      limit: 0,
      message: sentenceFor(notice, known),
      line: notice.line,
    };
  });
}

interface Notice {
  readonly start: number;
  /** Since when all of them are zero. */
  readonly allSince: number;
  readonly end: number | null;
  readonly line: number;
  readonly tensors: readonly number[];
  readonly measured: number;
}

/** Speaks of those that are still dead or, when all live again, of all. */
function noticeOf(group: DeadGroup, measured: number): Notice {
  const { members, risen } = group;
  const isOpen = isDead(group);
  const listed = [...members].filter(([tensor]) => !isOpen || !risen.has(tensor));
  const [first] = members.values();
  return {
    start: first?.step ?? Number.NaN,
    allSince: listed.reduce((last, [, { step }]) => Math.max(last, step), -Infinity),
    end: isOpen ? null : [...risen.values()].reduce((last, step) => Math.max(last, step), -Infinity),
    line: first?.line ?? 0,
    tensors: listed.map(([tensor]) => tensor),
    measured,
  };
}

/** How many tensors had no gradient at a step. */
function deadAt(step: number, groups: readonly DeadGroup[]): number {
  const counts = groups.map(({ members, risen }) => {
    const [first] = members.values();
    const hasBegun = first !== undefined && first.step <= step;
    return hasBegun ? [...members.keys()].filter((tensor) => (risen.get(tensor) ?? Infinity) >= step).length : 0;
  });
  return counts.reduce((sum, count) => sum + count, 0);
}

function sentenceFor(notice: Notice, { roster, lives }: Known): string {
  const { tensors, measured } = notice;
  const allSince = stepName(notice.allSince, roster.axis);
  const end = notice.end === null ? null : stepName(notice.end, roster.axis);
  const names = tensors.map(roster.nameOf);
  const [first = 0] = tensors;
  if (tensors.length > 1) {
    const [count, listed] = [tensors.length, listNames(names)];
    return end === null
      ? t("{0} of {1} tensors have received no gradient since {2}: {3}.", count, measured, allSince, listed)
      : t("{0} of {1} tensors received no gradient from {2} to {3}: {4}.", count, measured, allSince, end, listed);
  }
  const points = lives.points.of(first);
  const dead = ofOne(names.join(""), { allSince, end }, lives.still.get(first)?.zeros);
  const isExpert = roster.factsOf(first).expertGroup !== undefined;
  return isExpert && points > 0
    ? t("{0} This expert got some at {1} of its points.", dead, percentInTwoDigits(lives.active.of(first) / points))
    : dead;
}

interface Span {
  readonly allSince: string;
  readonly end: string | null;
}

function ofOne(name: string, { allSince, end }: Span, zeros: number | undefined): string {
  if (end !== null) {
    return t("{0} received no gradient from {1} to {2}.", name, allSince, end);
  }
  return zeros === undefined
    ? t("{0} has received no gradient since {1}.", name, allSince)
    : t("{0} has received no gradient for {1} logged points, since {2}.", name, zeros, allSince);
}
