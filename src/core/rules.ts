/** How much a finding matters: `info` is worth knowing, `warning` is worth a look, `error` means training is broken. */
export type Severity = "info" | "warning" | "error";

/** From the mildest on. */
export const SEVERITIES: readonly Severity[] = ["info", "warning", "error"];

/** In the order in which lists and counts tell them. */
export const WORST_FIRST: readonly Severity[] = SEVERITIES.toReversed();

/** Undefined where there are no findings. */
export function worstSeverity(findings: readonly { readonly severity: Severity }[]): Severity | undefined {
  return WORST_FIRST.find((one) => findings.some(({ severity }) => severity === one));
}

export function isAtLeast(severity: Severity, least: Severity): boolean {
  return SEVERITIES.indexOf(severity) >= SEVERITIES.indexOf(least);
}

/** What is known of a rule without running it. Its guide for people is in `ruleGuide.ts`, page by page `docs/rules.md`. */
export interface RuleFacts {
  readonly name: string;
  /** The usual one; an episode may be milder or worse. */
  readonly severity: Severity;
  readonly isOnByDefault: boolean;
  /** In one line. */
  readonly meaning: string;
}

/** Every rule there is. Numbers stay with their rule for ever: people switch them off by number. */
export const RULES = {
  GN101: {
    name: "non-finite norm",
    severity: "error",
    isOnByDefault: true,
    meaning: "The global gradient norm is NaN or infinite.",
  },
  GN102: {
    name: "overflow rate",
    severity: "warning",
    isOnByDefault: true,
    meaning: "More than 1 % of recent steps overflowed under fp16 loss scaling.",
  },
  GN103: {
    name: "sentinel value",
    severity: "warning",
    isOnByDefault: true,
    meaning: "The logged number stands for a norm that could not be measured.",
  },
  GN104: {
    name: "rank disagreement",
    severity: "warning",
    isOnByDefault: false,
    meaning: "Processes of one training log different norms for the same step.",
  },
  GN105: {
    name: "bf16-rounded log",
    severity: "info",
    isOnByDefault: false,
    meaning: "The logged norms have only the eight significant bits of bfloat16.",
  },
  GN201: {
    name: "spike",
    severity: "warning",
    isOnByDefault: true,
    meaning: "The norm stands far above the median of the 200 points before.",
  },
  GN202: {
    name: "spikes more frequent",
    severity: "warning",
    isOnByDefault: true,
    meaning: "Clearly more spikes in the last 1000 points than in the 1000 before.",
  },
  GN203: {
    name: "sustained rise",
    severity: "warning",
    isOnByDefault: true,
    meaning: "The norm has settled at a higher level.",
  },
  GN204: {
    name: "slow growth",
    severity: "info",
    isOnByDefault: true,
    meaning: "The norm grew steadily over the last 1000 points.",
  },
  GN205: {
    name: "collapse",
    severity: "warning",
    isOnByDefault: true,
    meaning: "The norm has settled at a tenth of its level or less.",
  },
  GN206: {
    name: "zero norm",
    severity: "error",
    isOnByDefault: true,
    meaning: "The global gradient norm is exactly 0: no parameter receives gradient.",
  },
  GN207: {
    name: "frozen log",
    severity: "info",
    isOnByDefault: false,
    meaning: "The logged norm is the same number again and again.",
  },
  GN208: {
    name: "periodic norm",
    severity: "info",
    isOnByDefault: false,
    meaning: "The norm repeats itself with a fixed period.",
  },
  GN209: {
    name: "loss follows",
    severity: "info",
    isOnByDefault: false,
    meaning: "Spikes of the loss come shortly after spikes of the gradient norm.",
  },
  GN301: {
    name: "dead tensor",
    severity: "warning",
    isOnByDefault: true,
    meaning: "A tensor's gradient is exactly 0 at point after point.",
  },
  GN302: {
    name: "dominance",
    severity: "info",
    isOnByDefault: false,
    meaning: "One tensor carries most of the squared global norm.",
  },
  GN303: {
    name: "depth trend",
    severity: "warning",
    isOnByDefault: true,
    meaning: "Gradients change by orders of magnitude from the first block to the last.",
  },
  GN304: {
    name: "origin of NaN",
    severity: "error",
    isOnByDefault: false,
    meaning: "The tensors in which non-finite gradients began.",
  },
  GN305: {
    name: "tensor spike",
    severity: "warning",
    isOnByDefault: false,
    meaning: "One tensor's norm jumped and took a larger share of the global norm.",
  },
  GN401: {
    name: "clipping never or always",
    severity: "info",
    isOnByDefault: true,
    meaning: "The clipping threshold cuts almost no step, or almost every one.",
  },
  GN402: {
    name: "log is post-clip",
    severity: "info",
    isOnByDefault: false,
    meaning: "The logged norms were measured after clipping.",
  },
  GN405: {
    name: "unscaled AMP",
    severity: "warning",
    isOnByDefault: false,
    meaning: "The norm changes with the loss scale: it is measured before the gradients are unscaled.",
  },
  GN501: {
    name: "update ratio",
    severity: "info",
    isOnByDefault: false,
    meaning: "A tensor's update is very large or very small beside its weights.",
  },
  GN502: {
    name: "Adam epsilon dominates",
    severity: "info",
    isOnByDefault: false,
    meaning: "A tensor's gradients are so small that Adam's epsilon damps its updates.",
  },
  GN504: {
    name: "update below bf16 resolution",
    severity: "warning",
    isOnByDefault: false,
    meaning: "Most updates of a bfloat16 tensor are rounded away.",
  },
  GN505: {
    name: "broken tensor",
    severity: "error",
    isOnByDefault: true,
    meaning: "A checkpoint has elements that are NaN or infinite.",
  },
  GN601: {
    name: "norm above its limit",
    severity: "error",
    isOnByDefault: true,
    meaning: "The global gradient norm is above the limit that was given to `gradlens check`.",
  },
  GN602: {
    name: "too many NaN",
    severity: "error",
    isOnByDefault: true,
    meaning: "More values are NaN or infinite than `gradlens check` was told to allow.",
  },
} as const satisfies Record<string, RuleFacts>;

export type RuleId = keyof typeof RULES;

export function isRuleId(value: unknown): value is RuleId {
  return typeof value === "string" && Object.hasOwn(RULES, value);
}

export const RULE_IDS: readonly RuleId[] = Object.keys(RULES).filter(isRuleId);

export const DEFAULT_RULES: ReadonlySet<RuleId> = new Set(RULE_IDS.filter((rule) => RULES[rule].isOnByDefault));

/** Where `docs/rules.md` tells of a rule: the anchor of its heading. */
export function ruleAnchor(rule: RuleId): string {
  return `${rule} ${RULES[rule].name}`
    .toLowerCase()
    .replaceAll(/[^a-z0-9 -]/g, "")
    .replaceAll(" ", "-");
}
