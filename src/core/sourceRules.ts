/** Rules of sources: what a source says of clipping, beside what its run has logged. Their numbers stay for ever, too. */
export const SOURCE_RULE_NAMES = {
  GN411: "threshold never clips",
  GN412: "threshold always clips",
  GN413: "threshold differs from the run's",
  GN414: "exploding run without clipping",
  GN415: "clipping before unscale_",
} as const;

export type SourceRuleId = keyof typeof SOURCE_RULE_NAMES;

function isSourceRuleId(value: string): value is SourceRuleId {
  return Object.hasOwn(SOURCE_RULE_NAMES, value);
}

export const SOURCE_RULE_IDS: readonly SourceRuleId[] = Object.keys(SOURCE_RULE_NAMES).filter(isSourceRuleId);
