import {
  formatNorm as normInEnglish,
  formatProgress as progressInEnglish,
  percent as percentInEnglish,
} from "#core/format.ts";
import { t } from "@vscode/l10n";

// Core writes numbers; its few words stand here once more, for the reader's language.

/** A norm that may not have been measured. Zero, NaN and "not measured" read differently. */
export function formatNorm(norm: number | null | undefined): string {
  if (norm === undefined || norm === null) {
    return t("not measured");
  }
  return norm === 0 ? t("0 (no gradient)") : normInEnglish(norm);
}

/** `12 %`. Only what is exactly none or all reads so. */
export function percent(share: number): string {
  if (share === 0) {
    return t("none");
  }
  return share < 0.001 ? t("less than 0.1 %") : percentInEnglish(share);
}

/** `1.2 of 4.0 GB, 3 s left`; without the time while it is not known. */
export function formatProgress(progress: Parameters<typeof progressInEnglish>[0]): string {
  return progressInEnglish(progress, {
    part: (done, total) => t("{0} of {1}", done, total),
    left: (part, duration) => t("{0}, {1} left", part, duration),
  });
}
