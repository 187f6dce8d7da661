import { formatNumber } from "#core/format.ts";
import { percent } from "#l10n/format.ts";
import type { ClipSite } from "#source/clipping/clipSite.ts";
import { t } from "@vscode/l10n";
import type { RunClipping } from "./runClipping.ts";

/** What stands above a place that clips: `median 0.51 · p99 4.2 · would clip 7 %`. Undefined where no norms tell. */
export function describeClip(site: ClipSite, clipping: RunClipping): string | undefined {
  return joined(clipping, [describeEffect(site, clipping)]);
}

/** What stands above an optimizer step that nothing clips before. */
export function describeUnclipped(clipping: RunClipping): string | undefined {
  return joined(clipping, [clipping.advice.verdict.state === "post" ? "" : t("not clipped here")]);
}

/** What stands behind a threshold: `clips 7 %`. */
export function describeShare(site: ClipSite, clipping: RunClipping): string | undefined {
  const share = clippedShare(site, clipping);
  return share === undefined ? undefined : t("clips {0}", percent(share));
}

/** Why there is no more to say, or what to keep in mind with it. */
export function describeLimits({ advice }: RunClipping): string {
  return advice.refused?.message ?? advice.verdict.message;
}

function describeEffect(site: ClipSite, clipping: RunClipping): string {
  const share = clippedShare(site, clipping);
  if (share !== undefined) {
    return t("would clip {0}", percent(share));
  }
  return clipping.advice.verdict.state === "post" ? t("logged after clipping") : "";
}

function clippedShare({ kind, threshold }: ClipSite, clipping: RunClipping): number | undefined {
  const value = threshold?.value;
  const clips = typeof value === "number" && value > 0 && Number.isFinite(value);
  return kind === "globalNorm" && clips ? clipping.clippedShare(value) : undefined;
}

function joined({ norm, median, p99 }: RunClipping, more: readonly string[]): string | undefined {
  return median === undefined || p99 === undefined
    ? undefined
    : [
        ...(norm === null ? [] : [norm]),
        t("median {0}", formatNumber(median)),
        t("p99 {0}", formatNumber(p99)),
        ...more.filter((part) => part !== ""),
      ].join(" · ");
}
