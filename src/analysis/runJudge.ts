import type { Finding } from "#core/finding.ts";
import type { ClipThreshold } from "#core/log.ts";
import type { Numbers } from "#core/numbers.ts";
import type { RuleId } from "#core/rules.ts";
import type { ClipState } from "./clipping/clipState.ts";
import { clipStateOf } from "./clipping/clipState.ts";
import { createDetector } from "./detector.ts";
import { findingsOf } from "./findings.ts";
import type { FindingContext } from "./findings.ts";
import { judge } from "./judge.ts";
import type { NormColumns } from "./points/loggedNorms.ts";
import { contextOf } from "./points/logContext.ts";
import type { LoggedSeries, SeriesByKind } from "./points/logContext.ts";
import type { Episode } from "./rules/rule.ts";
import type { Settle } from "./segment.ts";
import { createBlameTeller } from "./tensors/tellBlame.ts";
import type { BlameSources } from "./tensors/tellBlame.ts";

/** The global norm of a run, as far as it is read. */
export interface JudgedSeries extends LoggedSeries {
  steps(): Numbers;
  values(): Numbers;
  resolution(): number | undefined;
  readonly pathAt: FindingContext["pathAt"];
}

/** What a run has to say about its global norms: it may log those of actor and critic, or raw and clipped ones. */
export interface JudgedRun<S extends LoggedSeries = LoggedSeries> extends SeriesByKind<S> {
  readonly clipThreshold: () => ClipThreshold | null;
  readonly tensorNormsAt: BlameSources["tensorNormsAt"];
}

export interface RunJudge {
  /** Takes points that were not judged before. */
  readonly push: (columns: NormColumns) => void;
  readonly findings: (settle?: Settle) => readonly Finding[];
  /** What the findings are made of, in the order of their start: every spike by itself. */
  readonly apart: () => readonly Episode[];
}

/** Judges a run as it grows, by the clip threshold that it has now: when that changes, a new judge is needed. */
export function createRunJudge(run: JudgedRun, norms: JudgedSeries, enabled: ReadonlySet<RuleId>): RunJudge {
  const threshold = run.clipThreshold()?.value;
  const detector = createDetector({
    enabled,
    threshold,
    countsSteps: norms.key.axis === undefined,
    clipState: createClipQuestion(norms, threshold),
  });
  const describeTensors = createBlameTeller({
    steps: () => norms.steps(),
    tensorNormsAt: (step) => run.tensorNormsAt(step),
  });
  return {
    push(columns) {
      const context = contextOf(run, norms.key);
      judge(detector, columns, { ...context, from: 0, resolution: norms.resolution() });
    },
    findings: (settle) =>
      findingsOf(detector.episodes(settle), {
        axis: norms.key.axis,
        pathAt: (step) => norms.pathAt(step),
        describeTensors,
      }),
    apart: () => detector.episodes((episodes) => episodes),
  };
}

// The answer takes a look at every norm, and a few more of them do not change it.
const ASK_AGAIN = 1.1;

function createClipQuestion(series: JudgedSeries, threshold: number | undefined): () => ClipState {
  let known: { readonly points: number; readonly state: ClipState } | undefined;
  return () => {
    const norms = series.values();
    if (known === undefined || norms.length > ASK_AGAIN * known.points) {
      known = { points: norms.length, state: clipStateOf(norms, { threshold, resolution: series.resolution() }) };
    }
    return known.state;
  };
}
