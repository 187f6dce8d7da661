import { stepName } from "#l10n/stepName.ts";
import { t } from "@vscode/l10n";
import type { Episode, Rule } from "./rule.ts";
import type { SeenPoint } from "../points/seenPoint.ts";

const ENTER_POINTS = 3;
const EXIT_POINTS = 10;

interface OpenEpisode {
  readonly first: SeenPoint;
  last: SeenPoint;
  zeros: number;
  otherSince: number;
}

/** GN206: the global norm is exactly 0 for three consecutive points. NaN is not zero. */
export function createZeroNormRule(): Rule {
  const candidates: OpenEpisode[] = [];

  function seeZero(point: SeenPoint, open: OpenEpisode | undefined): void {
    if (open === undefined || open.otherSince >= EXIT_POINTS) {
      candidates.push({ first: point, last: point, zeros: 1, otherSince: 0 });
    } else {
      Object.assign(open, { last: point, zeros: open.zeros + 1, otherSince: 0 });
    }
  }

  return {
    push(points) {
      for (let place = 0; place < points.length; place += 1) {
        const open = candidates.at(-1);
        if (points.values[place] === 0) {
          seeZero(points.at(place), open);
        } else if (open !== undefined) {
          open.otherSince += 1;
          if (open.zeros < ENTER_POINTS) {
            candidates.pop();
          }
        }
      }
    },
    episodes: () => candidates.filter(({ zeros }) => zeros >= ENTER_POINTS).map(describe),
  };
}

function describe({ first, last, zeros, otherSince }: OpenEpisode): Episode {
  return {
    rule: "GN206",
    severity: "error",
    start: first.step,
    peak: first.step,
    end: otherSince >= EXIT_POINTS ? last.step : null,
    value: 0,
    limit: 0,
    message: t(
      "Global gradient norm is exactly 0 for {0} points from {1}: no parameter receives gradient.",
      zeros,
      stepName(first.step, first.axis),
    ),
    line: first.line,
  };
}
