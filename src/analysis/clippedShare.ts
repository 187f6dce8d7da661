import { formatNumber } from "#core/format.ts";
import { t } from "@vscode/l10n";
import type { DetectorOptions } from "./detector.ts";
import type { Episode, Rule, SeenPoint } from "./rule.ts";
import { createStretches } from "./stretches.ts";
import type { Stretch } from "./stretches.ts";

const LEAST_POINTS = 200;
const NEVER = { enter: 0.001, exit: 0.005 };
const ALWAYS = { enter: 0.9, exit: 0.8 };
// clip_grad_norm_ adds 1e-6 to the denominator.
const ROUNDING = 1e-6;

interface Share {
  share: number;
  point: SeenPoint;
}

/**
 * GN401: of the norms after the warm-up, before clipping, the threshold cuts less than 0.1 % or more than 90 %. Of a log
 * that was written after clipping nobody can tell.
 */
export function createClippedShareRule({ threshold, clipState }: DetectorOptions): Rule {
  const stretches = createStretches<Share>();
  let points = 0;
  let clipped = 0;
  function tell(measured: Share): Stretch<Share> | undefined {
    const { share, point } = measured;
    if (share < NEVER.enter || share > ALWAYS.enter) {
      return stretches.bad(point, () => measured);
    }
    return share < NEVER.exit || share > ALWAYS.exit ? stretches.between(point) : stretches.calm();
  }

  return {
    push(point) {
      if (threshold === undefined || !point.isWarm || Number.isNaN(point.log)) {
        return;
      }
      points += 1;
      clipped += point.value > threshold * (1 + ROUNDING) ? 1 : 0;
      const measured = { share: clipped / points, point };
      const stretch = points < LEAST_POINTS ? undefined : tell(measured);
      if (stretch?.calm === 0) {
        Object.assign(stretch.detail, measured);
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
    peak: detail.point.step,
    end,
    value: detail.share,
    limit: isNever ? NEVER.enter : ALWAYS.enter,
    message: isNever
      ? t("The clip threshold {0} cuts {1} % of steps, so it acts as no limit.", limit, cut)
      : t("The clip threshold {0} cuts {1} % of steps, so it acts as gradient normalisation.", limit, cut),
    line: detail.point.line,
  };
}
