import { thresholdKeyOf } from "../settings/thresholds.ts";
import type { RowCollector } from "../shared/rows.ts";

// clip_grad ....... 1.0, "gradient_clipping": 1.0, max_grad_norm=0.5
const SETTING =
  /(?<![\w-])([\w-]{0,40}(?:clip|max_norm|max_grad)[\w-]{0,40})['"]?\s*(?:\.{2,}|[=:])\s*['"]?([\d.e+-]+)/gi;
// `:::MLLOG {"key": "opt_gradient_clip_norm", "value": 1.0, …}` of MLPerf's trainings.
const MLPERF = /^:::MLLOG .{0,1000}"key": "opt_gradient_clip_norm", "value": ([\d.e+-]+)/;
// Frameworks print all their settings on one line.
const MAX_SETTINGS_LENGTH = 100_000;

/** The clip threshold, from a line that prints settings and not a step's values. */
export function addThresholds(line: string, number: number, rows: RowCollector): void {
  if (line.length > MAX_SETTINGS_LENGTH || !/clip|max_norm|max_grad/i.test(line)) {
    return;
  }
  const [, clipNorm] = MLPERF.exec(line) ?? [];
  if (clipNorm !== undefined) {
    rows.addValue(rows.meaningOf("max_grad_norm"), { step: undefined, line: number }, Number(clipNorm));
  }
  for (const [, name = "", value] of line.matchAll(SETTING)) {
    if (thresholdKeyOf(name) !== "never") {
      rows.addValue(rows.meaningOf(name), { step: undefined, line: number }, Number(value));
    }
  }
}
