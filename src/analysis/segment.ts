import type { RuleId } from "#core/rules.ts";
import { t } from "@vscode/l10n";
import { absorbSpikes } from "./rules/absorb.ts";
import { createClippedShareRule } from "./rules/clippedShare.ts";
import { createPostClipRule } from "./clipping/postClipRule.ts";
import type { DetectorOptions } from "./detectorOptions.ts";
import { createFrozenRule } from "./rules/frozen.ts";
import { gatherSpikes } from "./rules/gatherSpikes.ts";
import { createLevelShiftRule } from "./rules/levelShift.ts";
import { createLossFollowsRule } from "./rules/lossFollows.ts";
import type { LoggedNorms } from "./points/loggedNorms.ts";
import { createNonFiniteRule } from "./rules/nonFinite.ts";
import { createOverflowRateRule } from "./rules/overflowRate.ts";
import { createPeriodicRule } from "./rules/periodic.ts";
import { createBlock } from "./points/points.ts";
import { createRankDisagreementRule } from "./rules/rankDisagreement.ts";
import { createRoundedLogRule } from "./rules/roundedLog.ts";
import type { Episode, Rule } from "./rules/rule.ts";
import { createSentinelRule } from "./rules/sentinel.ts";
import { createSlowGrowthRule } from "./rules/slowGrowth.ts";
import { createSpikeRule } from "./rules/spike.ts";
import { createSpikeRateRule } from "./rules/spikeRate.ts";
import { createSurroundings } from "./points/surroundings.ts";
import { createUnscaledRule } from "./rules/unscaled.ts";
import { createZeroNormRule } from "./rules/zeroNorm.ts";

/** The rules at work on one segment: points whose steps never go back. */
export interface Segment {
  /** Takes a row; the rules see it with its block. */
  readonly push: (norms: LoggedNorms, row: number) => void;
  /** Ends a block, so that the rules have seen all rows, and none of them is asked for again. */
  readonly judge: () => void;
  readonly episodes: (settle?: Settle) => readonly Episode[];
}

/** What is made of a segment's episodes at last; if nothing else is asked for, many spikes become one finding. */
export type Settle = (episodes: readonly Episode[]) => readonly Episode[];

/** A rule of the house, and the rules that cannot do without it. */
interface Entry {
  readonly neededBy: readonly RuleId[];
  readonly rule: Rule;
}

// What they say is counted in points, so people should know how many steps a point is.
const COUNTED_IN_POINTS: ReadonlySet<RuleId> = new Set(["GN201", "GN202", "GN203", "GN204", "GN205", "GN208"]);

export function createSegment(options: DetectorOptions): Segment {
  const { enabled } = options;
  const surroundings = createSurroundings();
  const { rules, shifts } = createRules(options);
  const withInterval = createIntervalNote();
  const block = createBlock();

  function judge(): void {
    if (block.length === 0) {
      return;
    }
    for (const rule of rules) {
      rule.push(block);
    }
    block.clear();
  }

  return {
    push(norms, row) {
      surroundings.see(norms, row, block);
      if (block.isComplete) {
        judge();
      }
    },
    judge,
    episodes(settle = gatherSpikes) {
      const interval = surroundings.interval();
      const found = rules.flatMap((rule) => rule.episodes()).filter(({ rule }) => enabled.has(rule));
      const settled = settle(enabled.has("GN203") ? absorbSpikes(found, shifts()) : found);
      return options.countsSteps !== false && interval > 1
        ? settled.map((episode) => withInterval(episode, interval))
        : settled;
    },
  };
}

function createRules(options: DetectorOptions): Pick<ReturnType<typeof createLevelShiftRule>, "shifts"> & {
  readonly rules: readonly Rule[];
} {
  const spikes = createSpikeRule();
  const shifts = createLevelShiftRule();
  // In this order: a rule that asks another one about a point comes after it.
  const entries: readonly Entry[] = [
    { neededBy: ["GN101"], rule: createNonFiniteRule() },
    { neededBy: ["GN102"], rule: createOverflowRateRule() },
    { neededBy: ["GN103"], rule: createSentinelRule() },
    { neededBy: ["GN104"], rule: createRankDisagreementRule() },
    { neededBy: ["GN105"], rule: createRoundedLogRule() },
    { neededBy: ["GN201", "GN202", "GN209"], rule: spikes },
    { neededBy: ["GN202"], rule: createSpikeRateRule(spikes) },
    { neededBy: ["GN203", "GN204", "GN205"], rule: shifts },
    { neededBy: ["GN204"], rule: createSlowGrowthRule(shifts) },
    { neededBy: ["GN206"], rule: createZeroNormRule() },
    { neededBy: ["GN207"], rule: createFrozenRule(options) },
    { neededBy: ["GN208"], rule: createPeriodicRule() },
    { neededBy: ["GN209"], rule: createLossFollowsRule(spikes) },
    { neededBy: ["GN401"], rule: createClippedShareRule(options) },
    { neededBy: ["GN402"], rule: createPostClipRule(options) },
    { neededBy: ["GN405"], rule: createUnscaledRule() },
  ];
  const wanted = entries.filter(({ neededBy }) => neededBy.some((rule) => options.enabled.has(rule)));
  return { rules: wanted.map(({ rule }) => rule), shifts: shifts.shifts };
}

/** The same episode gives the same object, so that what was made of it can be kept. */
function createIntervalNote(): (episode: Episode, interval: number) => Episode {
  const noted = new WeakMap<Episode, { readonly interval: number; readonly episode: Episode }>();
  return (episode, interval) => {
    if (!COUNTED_IN_POINTS.has(episode.rule)) {
      return episode;
    }
    const known = noted.get(episode);
    if (known?.interval === interval) {
      return known.episode;
    }
    const message = t("{0} The log has one point for {1} steps.", episode.message, interval);
    const made = { ...episode, message };
    noted.set(episode, { interval, episode: made });
    return made;
  };
}
