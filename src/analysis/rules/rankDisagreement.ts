import { formatNumber } from "#core/format.ts";
import { asSquaredNorm, globalNorm } from "#core/norm.ts";
import { stepName } from "#l10n/stepName.ts";
import { t } from "@vscode/l10n";
import type { Episode, Rule } from "./rule.ts";
import type { SeenPoint } from "../points/seenPoint.ts";
import { createStretches } from "./stretches.ts";
import type { Stretch } from "./stretches.ts";

const TOLERANCE = 1e-3;

/** GN104: processes of one training print norms that differ by more than a thousandth for the same step. */
export function createRankDisagreementRule(): Rule {
  const stretches = createStretches<null>();
  return {
    push(points) {
      for (let place = 0; place < points.length; place += 1) {
        if (differ(points.at(place))) {
          stretches.bad(points, place, () => null);
        } else {
          stretches.calm();
        }
      }
    },
    episodes: () => stretches.all().map((stretch) => describe(stretch, stretches.endOf(stretch))),
  };
}

function normsOf({ value, rankNorms }: SeenPoint): readonly number[] {
  return [value, ...(rankNorms ?? [])];
}

/** Norms that are not finite on some ranks only differ as well. */
function differ(point: SeenPoint): boolean {
  if (point.rankNorms === undefined) {
    return false;
  }
  const norms = normsOf(point);
  const finite = norms.filter(Number.isFinite);
  const [low, high] = [Math.min(...finite), Math.max(...finite)];
  const rounding = 2 * (point.resolution ?? 0);
  return finite.length > 0 && (finite.length < norms.length || high - low > Math.max(TOLERANCE * high, rounding));
}

function describe({ first }: Stretch<null>, end: number | null): Episode {
  const norms = normsOf(first);
  const whole = globalNorm(norms.map((norm) => asSquaredNorm(norm ** 2)));
  const list = norms.map(formatNumber).join(", ");
  return {
    rule: "GN104",
    severity: "warning",
    start: first.step,
    peak: first.step,
    end,
    value: first.value,
    limit: whole,
    message: t(
      "Ranks log different norms at {0}: {1}. If each is a local shard, the global norm is {2}.",
      stepName(first.step, first.axis),
      list,
      formatNumber(whole),
    ),
    line: first.line,
  };
}
