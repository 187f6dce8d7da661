import { formatNumber } from "#core/format.ts";
import { t } from "@vscode/l10n";
import type { DetectorOptions } from "../detectorOptions.ts";
import type { Points } from "../points/points.ts";
import type { Episode, Rule } from "./rule.ts";
import { createStretches } from "./stretches.ts";
import type { Stretch } from "./stretches.ts";

const LEAST_POINTS = 200;
const NEVER = { enter: 0.001, exit: 0.005 };
const ALWAYS = { enter: 0.9, exit: 0.8 };
// clip_grad_norm_ adds 1e-6 to the denominator.
const ROUNDING = 1e-6;

interface Share {
  share: number;
  step: number;
  line: number;
}

/**
 * GN401: of the norms after the warm-up, before clipping, the threshold cuts less than 0.1 % or more than 90 %. Of a log
 * that was written after clipping nobody can tell.
 */
export function createClippedShareRule({ threshold, clipState }: DetectorOptions): Rule {
  const stretches = createStretches<Share>();
  let counted = 0;
  let clipped = 0;

  function tell(points: Points, place: number, share: number): Stretch<Share> | undefined {
    if (share < NEVER.enter || share > ALWAYS.enter) {
      return stretches.bad(points, place, () => ({ share, step: Number.NaN, line: Number.NaN }));
    }
    return share < NEVER.exit || share > ALWAYS.exit ? stretches.between(points, place) : stretches.calm();
  }

  function see(points: Points, place: number, limit: number): void {
    if (points.areWarm[place] === 0 || Number.isNaN(points.logs[place])) {
      return;
    }
    counted += 1;
    clipped += (points.values[place] ?? 0) > limit ? 1 : 0;
    const share = clipped / counted;
    const stretch = counted < LEAST_POINTS ? undefined : tell(points, place, share);
    if (stretch?.calm === 0) {
      stretch.detail.share = share;
      stretch.detail.step = points.steps[place] ?? Number.NaN;
      stretch.detail.line = points.lines[place] ?? 0;
    }
  }

  return {
    push(points) {
      if (threshold === undefined) {
        return;
      }
      for (let place = 0; place < points.length; place += 1) {
        see(points, place, threshold * (1 + ROUNDING));
      }
    },
    episodes: () =>
      threshold === undefined || stretches.all().length === 0 || clipState?.() === "post"
        ? []
        : stretches.all().map((stretch) => describe(stretch, { threshold, end: stretches.endOf(stretch) })),
  };
}

function describe(
  { first, detail }: Stretch<Share>,
  { threshold, end }: { readonly threshold: number; readonly end: number | null },
): Episode {
  const isNever = detail.share < NEVER.exit;
  const [limit, cut] = [formatNumber(threshold), formatNumber(detail.share * 100)];
  return {
    rule: "GN401",
    severity: "info",
    start: first.step,
    peak: detail.step,
    end,
    value: detail.share,
    limit: isNever ? NEVER.enter : ALWAYS.enter,
    message: isNever
      ? t("The clip threshold {0} cuts {1} % of steps, so it acts as no limit.", limit, cut)
      : t("The clip threshold {0} cuts {1} % of steps, so it acts as gradient normalisation.", limit, cut),
    line: detail.line,
  };
}
