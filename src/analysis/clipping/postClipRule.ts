import type { DetectorOptions } from "../detectorOptions.ts";
import { eachPoint } from "../rules/rule.ts";
import type { Episode, Rule } from "../rules/rule.ts";
import type { SeenPoint } from "../points/seenPoint.ts";
import { clipVerdictOf } from "./clipState.ts";

// Rounding, and the 1e-6 of torch, leave a cut norm this much below the threshold.
const AT_CEILING = 0.995;
// A verdict sorts all norms. It is asked for at the same counts of points whoever looks when, so a stream is judged as a
// whole log is.
const ASK_AGAIN = 1.02;

/** GN402: the logged norms saturate, so the log is from after clipping. One episode over the whole segment. */
export function createPostClipRule({ threshold }: Pick<DetectorOptions, "threshold">): Rule {
  const points: SeenPoint[] = [];
  let known: { readonly points: number; readonly episodes: readonly Episode[] } = { points: 0, episodes: [] };
  let due = 0;
  return {
    push: eachPoint((point) => {
      points.push(point);
      due = points.length >= due * ASK_AGAIN ? points.length : due;
    }),
    episodes() {
      if (known.points !== due) {
        known = { points: due, episodes: judge(points.slice(0, due), threshold) };
      }
      return known.episodes;
    },
  };
}

function judge(points: readonly SeenPoint[], configured: number | undefined): readonly Episode[] {
  const norms = Float64Array.from(points, ({ value }) => value);
  const verdict = clipVerdictOf(norms, { threshold: configured, resolution: points.at(-1)?.resolution });
  if (verdict.state !== "post") {
    return [];
  }
  const { threshold, message } = verdict;
  const first = points.find(({ value }) => value >= threshold * AT_CEILING);
  return first === undefined
    ? []
    : [
        {
          rule: "GN402",
          severity: "info",
          start: first.step,
          peak: first.step,
          end: null,
          value: first.value,
          limit: threshold,
          message,
          line: first.line,
        },
      ];
}
