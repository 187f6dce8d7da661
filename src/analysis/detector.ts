import { DEFAULT_RULES } from "#core/rules.ts";
import { isTooCoarse } from "./points/loggedNorms.ts";
import type { LoggedNorms } from "./points/loggedNorms.ts";
import type { Episode } from "./rules/rule.ts";
import { createSegment } from "./segment.ts";
import type { Segment, Settle } from "./segment.ts";
import type { DetectorOptions } from "./detectorOptions.ts";

/** Judges one series of global norms as it grows. Pushing rows one by one or all at once gives the same episodes. */
export interface Detector {
  /** Takes the rows from one on. */
  readonly push: (norms: LoggedNorms, from: number) => void;
  /** In the order of their start. */
  readonly episodes: (settle?: Settle) => readonly Episode[];
}

const DEFAULTS: DetectorOptions = { enabled: DEFAULT_RULES };

/**
 * A step that goes back starts a new segment: rules start afresh, what the restart overwrites is forgotten, and an
 * episode it cuts off ends there.
 */
export function createDetector(options: DetectorOptions = DEFAULTS): Detector {
  let past: { readonly segment: Segment; readonly endsBefore: number }[] = [];
  let current = createSegment(options);
  let lastStep = -Infinity;

  function restartAt(step: number): void {
    past = [...past, { segment: current, endsBefore: step }].map(({ segment, endsBefore }) => ({
      segment,
      endsBefore: Math.min(endsBefore, step),
    }));
    current = createSegment(options);
  }

  return {
    push(norms, from) {
      for (let row = from; row < norms.steps.length; row += 1) {
        if (isTooCoarse(norms, row)) {
          continue;
        }
        const step = norms.steps[row] ?? Number.NaN;
        if (step < lastStep) {
          current.judge();
          restartAt(step);
        }
        lastStep = step;
        current.push(norms, row);
      }
      current.judge();
    },
    episodes(settle) {
      const cut = past.flatMap(({ segment, endsBefore }) =>
        segment
          .episodes(settle)
          .filter(({ peak }) => peak < endsBefore)
          .map((episode) => ({ ...episode, end: Math.min(episode.end ?? endsBefore, endsBefore) })),
      );
      return [...cut, ...current.episodes(settle)].toSorted((a, b) => a.start - b.start);
    },
  };
}
