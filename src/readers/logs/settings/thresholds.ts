import type { ClipThreshold } from "#core/log.ts";

/** Whether a key names the threshold that gradients are clipped at: always, or only in a row of settings. */
export type ThresholdKey = "always" | "inSettings" | "never";

const ALWAYS = /^(?:max_grad(?:ient)?_norm|max_norm|grad(?:ient)?_clip(?:ping)?(?:_val|_threshold)?|clip_grad)$/;
// Beside a step these are norms that were measured.
const IN_SETTINGS = /^(?:clip_grad_norm|grad_clip_norm|clip_norm|global_clipnorm)$/;

export function thresholdKeyOf(name: string): ThresholdKey {
  const lastPart = name.slice(name.lastIndexOf("/") + 1);
  const key = lastPart.toLowerCase().replaceAll(/[ -]/g, "_");
  if (ALWAYS.test(key)) {
    return "always";
  }
  return IN_SETTINGS.test(key) ? "inSettings" : "never";
}

/** Zero and Infinity mean that nothing is clipped, which is no threshold. */
export function thresholdFrom(value: number | undefined, at: { name: string; line: number }): ClipThreshold | null {
  const isThreshold = value !== undefined && Number.isFinite(value) && value > 0;
  return isThreshold ? { value, source: `${at.name} (line ${at.line + 1})` } : null;
}
