import { DEFAULT_RULES } from "#core/rules.ts";
import type { RuleId } from "#core/rules.ts";
import type { Episode, NormPoint } from "./rule.ts";
import { createSegment } from "./segment.ts";
import type { Segment } from "./segment.ts";

export interface DetectorOptions {
  readonly enabled: ReadonlySet<RuleId>;
  /** The clip threshold in force; undefined when nothing tells it. */
  readonly threshold?: number | undefined;
  /** False where steps count samples, tokens or epochs, of which no one expects each to be logged. */
  readonly countsSteps?: boolean;
  /** Whether the log was written after clipping; asked only where a rule depends on it. */
  readonly clipState?: () => "pre" | "post" | "undetermined";
}

/** Judges one series of global norms as it grows. Pushing points one by one or all at once gives the same episodes. */
export interface Detector {
  readonly push: (point: NormPoint) => void;
  /** In the order of their start. */
  readonly episodes: () => readonly Episode[];
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
  return {
    push(point) {
      if (point.step < lastStep) {
        past = [...past, { segment: current, endsBefore: point.step }].map(({ segment, endsBefore }) => ({
          segment,
          endsBefore: Math.min(endsBefore, point.step),
        }));
        current = createSegment(options);
      }
      lastStep = point.step;
      current.push(point);
    },
    episodes() {
      const cut = past.flatMap(({ segment, endsBefore }) =>
        segment
          .episodes()
          .filter(({ peak }) => peak < endsBefore)
          .map((episode) => ({ ...episode, end: Math.min(episode.end ?? endsBefore, endsBefore) })),
      );
      return [...cut, ...current.episodes()].toSorted((a, b) => a.start - b.start);
    },
  };
}
