import type { DetectorOptions } from "../detector.ts";
import type { Episode, Rule, SeenPoint } from "../rule.ts";
import { clipVerdictOf } from "./clipState.ts";

// Rounding, and the 1e-6 of torch, leave a cut norm this much below the threshold.
const AT_CEILING = 0.995;

/** GN402: the logged norms saturate, so the log is from after clipping. One episode over the whole segment. */
export function createPostClipRule({ threshold }: Pick<DetectorOptions, "threshold">): Rule {
  const points: Point[] = [];
  let known: { readonly points: number; readonly episodes: readonly Episode[] } = { points: 0, episodes: [] };
  return {
    push({ step, value, line, resolution }) {
      points.push({ step, value, line, resolution });
    },
    episodes() {
      if (known.points !== points.length) {
        known = { points: points.length, episodes: judge(points, threshold) };
      }
      return known.episodes;
    },
  };
}

type Point = Pick<SeenPoint, "step" | "value" | "line" | "resolution">;

function judge(points: readonly Point[], configured: number | undefined): readonly Episode[] {
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
