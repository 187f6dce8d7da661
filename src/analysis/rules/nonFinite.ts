import type { Severity } from "#core/rules.ts";
import { stepName } from "#l10n/stepName.ts";
import { t } from "@vscode/l10n";
import { eachPoint } from "./rule.ts";
import type { Episode, Rule } from "./rule.ts";
import type { SeenPoint } from "../points/seenPoint.ts";

const EXIT_FINITE_POINTS = 20;
// fp16 loss scaling searches its scale in the first steps and overflows on purpose.
const CALIBRATION_POINTS = 20;

interface OpenEpisode {
  readonly first: SeenPoint;
  last: SeenPoint;
  nonFinite: number;
  finiteSince: number;
  isCalibrating: boolean;
  /** Those of which the log says that the loss scaler skipped the step. */
  skipped: number;
}

/** GN101: the norm is NaN or ±Inf. An episode ends after 20 finite points. */
export function createNonFiniteRule(): Rule {
  const episodes: OpenEpisode[] = [];
  let seen = 0;
  // The scaler's counters may change with the step that overflowed or with the next one.
  let unexplained = 0;

  function noteSkip(open: OpenEpisode, { value, skipped }: SeenPoint): void {
    const isBroken = !Number.isFinite(value);
    unexplained += isBroken ? 1 : 0;
    const explained = Math.min(unexplained, skipped);
    open.skipped += explained;
    unexplained = isBroken ? unexplained - explained : 0;
  }

  function openEpisode(): OpenEpisode | undefined {
    const newest = episodes.at(-1);
    return newest !== undefined && newest.finiteSince < EXIT_FINITE_POINTS ? newest : undefined;
  }

  function see(point: SeenPoint): void {
    seen += 1;
    const known = openEpisode();
    const isCalibrating = seen <= CALIBRATION_POINTS;
    if (Number.isFinite(point.value)) {
      if (known !== undefined) {
        known.finiteSince += 1;
        noteSkip(known, point);
      }
      return;
    }
    const first = { first: point, last: point, nonFinite: 0, finiteSince: 0, isCalibrating, skipped: 0 };
    const open = known ?? first;
    if (open === first) {
      episodes.push(first);
    }
    Object.assign(open, { last: point, nonFinite: open.nonFinite + 1, finiteSince: 0, isCalibrating });
    noteSkip(open, point);
  }

  const seeEach = eachPoint(see);
  return {
    push(points) {
      if (points.areOrdinary && openEpisode() === undefined) {
        seen += points.length;
      } else {
        seeEach(points);
      }
    },
    episodes: () => episodes.map(describe),
  };
}

function describe(episode: OpenEpisode): Episode {
  const { first, last, nonFinite, finiteSince, skipped } = episode;
  const name = Number.isNaN(first.value) ? "NaN" : "Inf";
  const became = t("Gradient norm became {0} at {1}", name, stepName(first.step, first.axis));
  const scaler = skipped === 0 ? [] : [t("{0} of them skipped by the loss scaler", skipped)];
  return {
    rule: "GN101",
    severity: severityOf(episode),
    start: first.step,
    peak: first.step,
    end: finiteSince >= EXIT_FINITE_POINTS ? last.step : null,
    value: first.value,
    limit: Infinity,
    message: t("{0}; {1}.", became, [countSoFar(nonFinite), ...scaler, outlookOf(finiteSince)].join(", ")),
    line: first.line,
  };
}

/** Of an episode that has ended nothing is counted any more. */
function outlookOf(finiteSince: number): string {
  if (finiteSince === 0) {
    return t("no finite value since");
  }
  return finiteSince >= EXIT_FINITE_POINTS
    ? t("finite again for {0} points and more", finiteSince)
    : t("finite again for {0} points", finiteSince);
}

/**
 * A skipped step that training recovers from is a warning: of one that the log calls skipped this is known with the next
 * finite value. During the first points it is loss-scale calibration.
 */
function severityOf({ isCalibrating, finiteSince, nonFinite, skipped }: OpenEpisode): Severity {
  if (finiteSince === 0) {
    return "error";
  }
  if (isCalibrating) {
    return "info";
  }
  return finiteSince >= EXIT_FINITE_POINTS || skipped >= nonFinite ? "warning" : "error";
}

function countSoFar(count: number): string {
  return count === 1 ? t("1 non-finite value so far") : t("{0} non-finite values so far", count);
}
