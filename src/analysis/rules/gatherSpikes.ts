import { formatNumber } from "#core/format.ts";
import { t } from "@vscode/l10n";
import type { Episode } from "./rule.ts";

// Ten spikes in 1000 points are a property of the norms rather than ten events.
const MANY = 10;
const WITHIN_POINTS = 1000;

/**
 * Spikes that come ten and more in 1000 points are told as one finding, in which the largest stands for all. Those that
 * are errors stay on their own. Later points add to a group and never take one apart.
 */
export function gatherSpikes(episodes: readonly Episode[]): readonly Episode[] {
  const spikes = episodes.filter(isCommon);
  if (spikes.length < MANY) {
    return episodes;
  }
  const groups = groupsOf(spikes);
  const gathered = new Set(groups.flat());
  return [...episodes.filter((episode) => !gathered.has(episode)), ...groups.map(describe)];
}

function isCommon({ rule, severity }: Episode): boolean {
  return rule === "GN201" && severity !== "error";
}

/** Runs of spikes of which each lies among ten that began within 1000 points. */
function groupsOf(spikes: readonly Episode[]): readonly (readonly Episode[])[] {
  const groups: Episode[][] = [];
  let groupedUntil = 0;
  for (let last = MANY - 1; last < spikes.length; last += 1) {
    const first = last - MANY + 1;
    if (indexOf(spikes[last]) - indexOf(spikes[first]) < WITHIN_POINTS) {
      const added = spikes.slice(Math.max(first, groupedUntil), last + 1);
      const newest = groups.at(-1);
      if (newest !== undefined && first < groupedUntil) {
        added.forEach((spike) => newest.push(spike));
      } else {
        groups.push([...added]);
      }
      groupedUntil = last + 1;
    }
  }
  return groups;
}

function indexOf(episode: Episode | undefined): number {
  return episode?.index ?? Number.NaN;
}

/** How far it stands above what it had to pass. */
function heightOf({ value, limit }: Episode): number {
  return value / limit;
}

function describe(group: readonly Episode[]): Episode {
  const largest = group.reduce((best, one) => (heightOf(one) > heightOf(best) ? one : best));
  const [first, last] = [group[0] ?? largest, group.at(-1) ?? largest];
  const points = indexOf(last) - indexOf(first) + 1;
  return {
    ...largest,
    severity: group.some(({ severity }) => severity === "warning") ? "warning" : "info",
    start: first.start,
    end: last.end,
    message: t(
      "{0} gradient spikes in {1} points: norms of this run jump often. The largest: {2}",
      group.length,
      formatNumber(points),
      largest.message,
    ),
  };
}
