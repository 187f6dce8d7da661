import type { Shift } from "./levelShift.ts";
import type { Episode } from "./rule.ts";

/** A rise that stays was first seen as a spike: once it is confirmed, the spikes in which it began are part of it. */
export function absorbSpikes(episodes: readonly Episode[], shifts: readonly Shift[]): readonly Episode[] {
  const rises = shifts.filter(({ rule }) => rule === "GN203");
  if (rises.length === 0) {
    return episodes;
  }
  return episodes
    .filter((episode) => episode.rule !== "GN201" || !rises.some((rise) => isPartOf(episode, rise)))
    .map((episode) => (episode.rule === "GN203" ? withEarliest(episode, rises, episodes) : episode));
}

/** It began while the rise was being confirmed, or was still going on then. */
function isPartOf({ start, end }: Episode, rise: Shift): boolean {
  return start <= rise.confirmed && (start >= rise.start || (end ?? Infinity) >= rise.confirmed);
}

function withEarliest(episode: Episode, rises: readonly Shift[], episodes: readonly Episode[]): Episode {
  const rise = rises.find(({ start }) => start === episode.start);
  const parts = episodes.filter((one) => rise !== undefined && one.rule === "GN201" && isPartOf(one, rise));
  return { ...episode, start: parts.reduce((first, { start }) => Math.min(first, start), episode.start) };
}
