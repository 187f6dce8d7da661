import type { Finding } from "#core/finding.ts";

/** The finding after (or before) the chosen one in the order of steps; wraps around. Without one, the first after `step`. */
export function neighbourOf(
  findings: readonly Finding[],
  direction: 1 | -1,
  from: { chosen: Finding | undefined; step: number },
): Finding | undefined {
  const ordered = inOrderOfSteps(findings);
  const chosen = from.chosen === undefined ? -1 : ordered.indexOf(from.chosen);
  if (chosen !== -1) {
    return ordered.at((chosen + direction) % ordered.length);
  }
  const after = ordered.findIndex(({ start }) => start >= from.step);
  const start = after === -1 ? 0 : after;
  return ordered.at(direction === 1 ? start : start - 1);
}

export function inOrderOfSteps(findings: readonly Finding[]): readonly Finding[] {
  return findings.toSorted((a, b) => (a.start === b.start ? a.rule.localeCompare(b.rule) : a.start - b.start));
}

/** The same episode in a newer list: it may have grown or ended since. */
export function sameFinding(findings: readonly Finding[], wanted: Finding | undefined): Finding | undefined {
  return findings.find(
    ({ rule, tensor, start }) => rule === wanted?.rule && tensor === wanted.tensor && start === wanted.start,
  );
}

/** The finding whose peak is nearest to a step, within reach. */
export function findingNear(findings: readonly Finding[], step: number, reach: number): Finding | undefined {
  const distance = ({ peak }: Finding): number => Math.abs(peak - step);
  return findings.filter((finding) => distance(finding) <= reach).toSorted((a, b) => distance(a) - distance(b))[0];
}
