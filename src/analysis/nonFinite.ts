import type { Severity } from "#core/rules.ts";
import type { Episode, SeenPoint, Rule } from "./rule.ts";

const EXIT_FINITE_POINTS = 20;
// fp16 loss scaling searches its scale in the first steps and overflows on purpose.
const CALIBRATION_POINTS = 20;

interface OpenEpisode {
  readonly first: SeenPoint;
  last: SeenPoint;
  nonFinite: number;
  finiteSince: number;
  calibrating: boolean;
}

/** GN101: the norm is NaN or ±Inf. An episode ends after 20 finite points. */
export function createNonFiniteRule(): Rule {
  const episodes: OpenEpisode[] = [];
  let seen = 0;
  return {
    push(point) {
      seen += 1;
      const open = episodes.at(-1);
      const calibrating = seen <= CALIBRATION_POINTS;
      const isOpen = open !== undefined && open.finiteSince < EXIT_FINITE_POINTS;
      if (Number.isFinite(point.value)) {
        if (isOpen) {
          open.finiteSince += 1;
        }
      } else if (isOpen) {
        Object.assign(open, { last: point, nonFinite: open.nonFinite + 1, finiteSince: 0, calibrating });
      } else {
        episodes.push({ first: point, last: point, nonFinite: 1, finiteSince: 0, calibrating });
      }
    },
    episodes: () => episodes.map(describe),
  };
}

function describe({ first, last, nonFinite, finiteSince, calibrating }: OpenEpisode): Episode {
  const ended = finiteSince >= EXIT_FINITE_POINTS;
  const name = Number.isNaN(first.value) ? "NaN" : "Inf";
  const outlook = finiteSince === 0 ? "no finite value since" : `finite again for ${finiteSince} points`;
  return {
    rule: "GN101",
    severity: severityOf(calibrating, finiteSince),
    start: first.step,
    peak: first.step,
    end: ended ? last.step : null,
    value: first.value,
    limit: Infinity,
    message: `Gradient norm became ${name} at step ${first.step}; ${plural(nonFinite)} so far, ${outlook}.`,
    line: first.line,
  };
}

/** A skipped step that training recovers from is a warning; during the first points it is loss-scale calibration. */
function severityOf(calibrating: boolean, finiteSince: number): Severity {
  if (finiteSince === 0) {
    return "error";
  }
  if (calibrating) {
    return "info";
  }
  return finiteSince >= EXIT_FINITE_POINTS ? "warning" : "error";
}

function plural(count: number): string {
  return count === 1 ? "1 non-finite value" : `${count} non-finite values`;
}
