import { DOMINANCE_POINTS, DOMINANT_SHARE, dominanceText, hasMostParameters, medianShare } from "../dominantShare.ts";
import type { Roster } from "./roster.ts";
import type { JudgedRow, TensorEpisode, TensorRule } from "./tensorRow.ts";

const EXIT_POINTS = 10;
/** With fewer there is nothing to dominate. */
const LEAST_TENSORS = 3;

/** How many elements a tensor has; undefined where nothing tells it, which logs of norms never do. */
export type ElementsOf = (tensor: string) => number | undefined;

/** The tensor with the largest norm of a row. No other one can have half of the square. */
interface Leader {
  readonly tensor: number;
  readonly share: number;
  readonly step: number;
  readonly line: number;
}

interface Reign {
  readonly first: Leader;
  peak: Leader;
  /** The largest median share. */
  median: number;
  lastStep: number;
  calm: number;
}

interface Known {
  readonly leaders: readonly Leader[];
  readonly reigns: readonly Reign[];
}

/** GN302 while a run grows: from when to when one tensor decides the global norm. */
export function createDominanceRule(roster: Roster, elementsOf: ElementsOf, known?: Known): TensorRule {
  const leaders = [...(known?.leaders ?? [])];
  const reigns = known?.reigns.map((reign) => ({ ...reign })) ?? [];

  function push(row: JudgedRow): void {
    const leader = row.isWhole && row.tensors.length >= LEAST_TENSORS ? leaderOf(row) : undefined;
    if (leader === undefined) {
      return;
    }
    leaders.push(leader);
    leaders.splice(0, leaders.length - DOMINANCE_POINTS);
    const newest = reigns.at(-1);
    if (newest !== undefined && newest.calm < EXIT_POINTS) {
      goOn(newest, leader, shareOf(leaders, newest.first.tensor));
      return;
    }
    const median = shareOf(leaders, leader.tensor);
    if (median >= DOMINANT_SHARE) {
      reigns.push({ first: leader, peak: leader, median, lastStep: leader.step, calm: 0 });
    }
  }

  return {
    push,
    episodes: () =>
      reigns
        .filter(({ first }) => !hasMostElements(first.tensor, roster, elementsOf))
        .map((one) => describe(one, roster)),
    copy: () => createDominanceRule(roster, elementsOf, { leaders, reigns }),
  };
}

function leaderOf({ step, tensors, norms, lines, total }: JudgedRow): Leader | undefined {
  let best = 0;
  norms.forEach((norm, index) => {
    best = norm > (norms[best] ?? 0) ? index : best;
  });
  const [tensor, norm] = [tensors[best], norms[best]];
  return tensor === undefined || norm === undefined || !(total > 0) || !Number.isFinite(total)
    ? undefined
    : { tensor, share: norm ** 2 / total, step, line: lines[best] ?? 0 };
}

function goOn(reign: Reign, leader: Leader, median: number): void {
  if (median < DOMINANT_SHARE) {
    reign.calm += 1;
    return;
  }
  Object.assign(reign, { lastStep: leader.step, calm: 0, median: Math.max(reign.median, median) });
  if (leader.tensor === reign.first.tensor && leader.share > reign.peak.share) {
    reign.peak = leader;
  }
}

/** Where another tensor leads, this one has less than half of the square: as good as 0 beside 0.8. */
function shareOf(leaders: readonly Leader[], tensor: number): number {
  return medianShare(Float64Array.from(leaders, (leader) => (leader.tensor === tensor ? leader.share : 0)));
}

function hasMostElements(tensor: number, roster: Roster, elementsOf: ElementsOf): boolean {
  const counts = roster.names().map(elementsOf);
  const total = counts.reduce<number>((sum, count) => sum + (count ?? Number.NaN), 0);
  return hasMostParameters((elementsOf(roster.nameOf(tensor)) ?? 0) / total); // NaN while a count is unknown.
}

function describe({ first, peak, median, lastStep, calm }: Reign, roster: Roster): TensorEpisode {
  return {
    rule: "GN302",
    severity: "info",
    tensors: [first.tensor],
    start: first.step,
    peak: peak.step,
    end: calm >= EXIT_POINTS ? lastStep : null,
    value: peak.share,
    limit: DOMINANT_SHARE,
    message: dominanceText(roster.nameOf(first.tensor), median),
    line: peak.line,
  };
}
