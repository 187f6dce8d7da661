import { stepAxis } from "#analysis/stepAxis.ts";
import type { FromTimeline, ToTimeline } from "#protocol/dashboard/timeline.ts";
import { describeAxes, describeAxis } from "./axes.ts";
import { baselineOf } from "./baselines.ts";
import { describeOverlay } from "./overlay.ts";
import type { TabContext } from "./tabContext.ts";

/** Answers the tab "Timeline". */
export function answerTimeline(request: FromTimeline, { run, store, post }: TabContext<ToTimeline>): void {
  switch (request.kind) {
    case "surroundings": {
      const baseline = baselineOf(run);
      if (baseline !== undefined) {
        post({ kind: "surroundings", runId: run.id, ...copy(baseline), axes: describeAxes(run) });
      }
      return;
    }
    case "axis": {
      const columns = describeAxis(run, request.name);
      const axis = columns && stepAxis(columns.steps, columns.values);
      if (axis !== undefined) {
        post({ kind: "axis", runId: run.id, name: request.name, ...axis });
      }
      return;
    }
    case "overlay": {
      const overlay = describeOverlay(request.runId === run.id ? run : store.get(request.runId), request);
      if (overlay !== undefined) {
        post(overlay);
      }
      return;
    }
  }
}

/** Messages own what they hold. */
function copy(
  baseline: NonNullable<ReturnType<typeof baselineOf>>,
): Pick<
  Extract<ToTimeline, { kind: "surroundings" }>,
  "steps" | "median" | "low" | "high" | "warmUps" | "resumes" | "rateChanges"
> {
  const { warmUps, resumes, rateChanges } = baseline;
  return {
    ...baseline,
    warmUps: [...warmUps],
    resumes: [...resumes],
    rateChanges: rateChanges.map(({ step, from, to }) => ({ step, from, to })),
  };
}
