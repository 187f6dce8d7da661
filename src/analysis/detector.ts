import type { Episode, NormPoint, Rule } from "./rule.ts";
import { createNonFiniteRule } from "./nonFinite.ts";
import { createSpikeRule } from "./spike.ts";
import { createZeroNormRule } from "./zeroNorm.ts";

const RULES: readonly (() => Rule)[] = [createNonFiniteRule, createSpikeRule, createZeroNormRule];

/** Judges one series of global norms as it grows. Pushing points one by one or all at once gives the same episodes. */
export interface Detector {
  readonly push: (point: NormPoint) => void;
  /** In the order of their start. */
  readonly episodes: () => readonly Episode[];
}

/**
 * A step that goes back starts a new segment: rules start afresh, what the restart overwrites is forgotten, and an
 * episode it cuts off ends there.
 */
export function createDetector(): Detector {
  let segments: { readonly rules: readonly Rule[]; readonly endsBefore: number }[] = [];
  let rules: readonly Rule[] = [];
  let lastStep = Infinity;
  return {
    push(point) {
      if (point.step < lastStep) {
        segments = [...segments, { rules, endsBefore: point.step }].map((segment) => ({
          rules: segment.rules,
          endsBefore: Math.min(segment.endsBefore, point.step),
        }));
        rules = RULES.map((create) => create());
      }
      lastStep = point.step;
      for (const rule of rules) {
        rule.push(point);
      }
    },
    episodes() {
      const past = segments.flatMap(({ rules: old, endsBefore }) =>
        old
          .flatMap((rule) => rule.episodes())
          .filter(({ peak }) => peak < endsBefore)
          .map((episode) => ({ ...episode, end: Math.min(episode.end ?? endsBefore, endsBefore) })),
      );
      const current = rules.flatMap((rule) => rule.episodes());
      return [...past, ...current].toSorted((a, b) => a.start - b.start);
    },
  };
}
