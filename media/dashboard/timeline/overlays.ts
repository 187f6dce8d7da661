import type { FromTimeline, Overlay } from "#protocol/dashboard/timeline.ts";
import { LOWEST_ON_LOG } from "../../charts/decimate.ts";
import { offScale } from "../../charts/gutters.ts";
import type { OffScale } from "../../charts/gutters.ts";
import { createCurve } from "../../charts/segments.ts";
import type { Curve } from "../../charts/segments.ts";
import type { StepRange } from "../../charts/viewport.ts";
import type { TabHost } from "../tab.ts";

/** A norm that is drawn beside the main one: a further one of the run by its name, or the main one of another run. */
export interface Overlaid {
  readonly runId: string;
  readonly norm?: string;
}

/** One that has arrived. */
export interface OverlaidCurve extends Overlaid {
  readonly curve: Curve;
  readonly off: OffScale;
}

/** Keeps the curves beside the main one, asked of the host piece by piece. */
export interface Overlays {
  /** Asks for what is new of these; what is known of others is forgotten. */
  readonly ask: (wanted: readonly Overlaid[]) => void;
  readonly receive: (overlay: Overlay) => void;
  /** Those that have arrived, in the order they were asked for. */
  readonly all: () => readonly OverlaidCurve[];
  /** From the first to the last step of all; undefined without any. */
  readonly steps: () => StepRange | undefined;
}

interface Known {
  readonly token: number;
  readonly sent: number;
  readonly curve: Curve;
  readonly off: OffScale;
}

export function createOverlays(host: TabHost<FromTimeline>): Overlays {
  const known = new Map<string, Known>();
  let wanted: readonly Overlaid[] = [];
  return {
    ask(all) {
      wanted = all;
      const keys = new Set(all.map(keyOf));
      for (const key of Array.from(known.keys()).filter((one) => !keys.has(one))) {
        known.delete(key);
      }
      for (const one of all) {
        const { token = 0, sent = 0 } = known.get(keyOf(one)) ?? {};
        host.post({ kind: "overlay", ...one, token, sent });
      }
    },
    receive(overlay) {
      const { token, sent, isWhole, steps, values } = overlay;
      const key = keyOf(overlay);
      const before = known.get(key);
      const goesOn = !isWhole && before !== undefined && before.token === token && before.sent + steps.length === sent;
      if (!wanted.some((one) => keyOf(one) === key) || (!goesOn && !isWhole)) {
        return; // An answer to an older question.
      }
      const curve = goesOn ? before.curve : createCurve(LOWEST_ON_LOG);
      curve.append({ steps, values });
      known.set(key, { token, sent, curve, off: offScale(curve.current()) });
    },
    all: () =>
      wanted.flatMap((one) => {
        const found = known.get(keyOf(one));
        return found === undefined ? [] : [{ ...one, curve: found.curve, off: found.off }];
      }),
    steps() {
      const all = Array.from(known.values(), ({ curve }) => curve.current().steps).filter(({ length }) => length > 0);
      const min = Math.min(...all.map((steps) => steps[0] ?? Infinity));
      const max = Math.max(...all.map((steps) => steps.at(-1) ?? -Infinity));
      return min < max ? { min, max } : undefined;
    },
  };
}

function keyOf({ runId, norm }: Overlaid): string {
  return JSON.stringify([runId, norm]);
}
