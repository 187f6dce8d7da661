import type { FromTimeline, Overlay } from "#protocol/dashboard/timeline.ts";
import { LOWEST_ON_LOG } from "../../charts/decimate.ts";
import { offScale } from "../../charts/gutters.ts";
import type { OffScale } from "../../charts/gutters.ts";
import { createCurve } from "../../charts/segments.ts";
import type { Curve } from "../../charts/segments.ts";
import type { StepRange } from "../../charts/viewport.ts";
import type { RunName } from "../header.ts";
import type { TabHost } from "../tab.ts";

/** The global norm of a run beside the one that is shown. */
export interface OtherRun {
  readonly name: string;
  readonly curve: Curve;
  readonly off: OffScale;
}

/** Keeps the curves of other runs, asked of the host piece by piece. */
export interface OtherRuns {
  /** Asks for what is new of these runs; what is known of others is forgotten. */
  readonly ask: (ids: readonly string[]) => void;
  readonly receive: (overlay: Overlay) => void;
  /** Those that have arrived, in the order they were asked for. */
  readonly all: (names: readonly RunName[]) => readonly OtherRun[];
  /** From the first to the last step of all; undefined without any. */
  readonly steps: () => StepRange | undefined;
}

interface Known {
  readonly token: number;
  readonly sent: number;
  readonly curve: Curve;
  readonly off: OffScale;
}

export function createOtherRuns(host: TabHost<FromTimeline>): OtherRuns {
  const known = new Map<string, Known>();
  let wanted: readonly string[] = [];
  return {
    ask(ids) {
      wanted = ids;
      for (const id of Array.from(known.keys()).filter((one) => !ids.includes(one))) {
        known.delete(id);
      }
      for (const runId of ids) {
        const { token = 0, sent = 0 } = known.get(runId) ?? {};
        host.post({ kind: "overlay", runId, token, sent });
      }
    },
    receive({ runId, token, sent, isWhole, steps, values }) {
      const before = known.get(runId);
      const goesOn = !isWhole && before !== undefined && before.token === token && before.sent + steps.length === sent;
      if (!wanted.includes(runId) || (!goesOn && !isWhole)) {
        return; // An answer to an older question.
      }
      const curve = goesOn ? before.curve : createCurve(LOWEST_ON_LOG);
      curve.append({ steps, values });
      known.set(runId, { token, sent, curve, off: offScale(curve.current()) });
    },
    all: (names) =>
      wanted.flatMap((id) => {
        const one = known.get(id);
        const name = names.find((run) => run.id === id)?.name ?? id;
        return one === undefined ? [] : [{ name, curve: one.curve, off: one.off }];
      }),
    steps() {
      const all = Array.from(known.values(), ({ curve }) => curve.current().steps).filter(({ length }) => length > 0);
      const min = Math.min(...all.map((steps) => steps[0] ?? Infinity));
      const max = Math.max(...all.map((steps) => steps.at(-1) ?? -Infinity));
      return min < max ? { min, max } : undefined;
    },
  };
}
