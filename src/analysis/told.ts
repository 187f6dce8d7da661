import { isAtLeast } from "#core/rules.ts";
import type { RuleId } from "#core/rules.ts";
import type { Episode } from "./rules/rule.ts";

/** Under which rules an event that one norm was judged by may be told of another norm already. */
const TOLD_AS: Partial<Record<RuleId, readonly RuleId[]>> = {
  GN201: ["GN101", "GN201", "GN203"],
  GN203: ["GN203"],
  GN206: ["GN101", "GN206"],
};

// Of two that jump together one may just pass a limit that the other just misses.
const NEARLY_AS_HIGH = 1.5;

/**
 * Whether an event of one norm shows in the episodes of another, given in the order of their start: twins and parts of a
 * norm jump with it. It does where both stand out before the event is at its peak, the other at least as gravely. NaN is
 * the same where the other covers it whole.
 */
export function createTold(episodes: readonly Episode[]): (episode: Episode) => boolean {
  const byRule = Map.groupBy(episodes, ({ rule }) => rule);
  return (episode) =>
    episode.rule === "GN101"
      ? (byRule.get("GN101") ?? []).some((other) => covers(other, episode))
      : (TOLD_AS[episode.rule] ?? []).some((rule) => showsIn(byRule.get(rule) ?? [], episode));
}

/** Episodes of one rule do not overlap, so that those in question end the ones that began in time. */
function showsIn(episodes: readonly Episode[], episode: Episode): boolean {
  for (let index = countUntil(episodes, episode.peak) - 1; index >= 0; index -= 1) {
    const other = episodes[index];
    if (other === undefined || endOf(other) < episode.start) {
      return false;
    }
    if (isAsGrave(other, episode)) {
      return true;
    }
  }
  return false;
}

function isAsGrave(other: Episode, episode: Episode): boolean {
  const [height, own] = [other.value / other.limit, episode.value / episode.limit];
  return isAtLeast(other.severity, episode.severity) || own <= NEARLY_AS_HIGH * height;
}

/** How many have begun at a step. */
function countUntil(episodes: readonly Episode[], step: number): number {
  let [low, high] = [0, episodes.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((episodes[middle]?.start ?? Infinity) <= step) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

function covers(other: Episode, episode: Episode): boolean {
  return other.start <= episode.start && endOf(episode) <= endOf(other);
}

function endOf({ end }: Episode): number {
  return end ?? Infinity;
}
