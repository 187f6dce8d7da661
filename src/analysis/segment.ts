import type { RuleId } from "#core/rules.ts";
import type { DetectorOptions } from "./detector.ts";
import { createNonFiniteRule } from "./nonFinite.ts";
import type { Episode, NormPoint, Rule } from "./rule.ts";
import { createSpikeRule } from "./spike.ts";
import { createSurroundings } from "./surroundings.ts";
import { createZeroNormRule } from "./zeroNorm.ts";

/** The rules at work on one segment: points whose steps never go back. */
export type Segment = { readonly push: (point: NormPoint) => void; readonly episodes: () => readonly Episode[] };

const MAKERS: readonly { readonly rule: RuleId; readonly create: (options: DetectorOptions) => Rule }[] = [
  { rule: "GN101", create: createNonFiniteRule },
  { rule: "GN201", create: createSpikeRule },
  { rule: "GN206", create: createZeroNormRule },
];

export function createSegment(options: DetectorOptions): Segment {
  const surroundings = createSurroundings();
  const rules = MAKERS.filter(({ rule }) => options.enabled.has(rule)).map(({ create }) => create(options));
  return {
    push(point) {
      const seen = surroundings.see(point);
      for (const rule of rules) {
        rule.push(seen);
      }
    },
    episodes: () => rules.flatMap((rule) => rule.episodes()),
  };
}
