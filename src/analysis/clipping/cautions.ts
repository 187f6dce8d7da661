import { formatNumber } from "#core/format.ts";
import { medianOfSorted } from "#core/quantile.ts";
import type { SeriesKey } from "#core/series.ts";
import type { ClipVerdict } from "./clipState.ts";
import { hasHeavyTail } from "./estimates.ts";
import type { ClipHistory } from "./history.ts";
import type { KnownFinding } from "./refusal.ts";
import type { SortedNorms } from "#core/clipping/sortedNorms.ts";
import { stepName } from "#l10n/stepName.ts";
import { t } from "@vscode/l10n";

/** What to keep in mind with the advice. */
export interface Caution {
  readonly kind: CautionKind;
  readonly message: string;
}

export type CautionKind =
  | "rough"
  | "afterClipping"
  | "stateUnknown"
  | "heavyTail"
  | "loggingInterval"
  | "otherAxis"
  | "estimated"
  | "bfloat16"
  | "coarse"
  | "levelChange"
  | "growing"
  | "nonFinite"
  | "dominance"
  | "tensorSum"
  | "direction";

export interface Circumstances {
  readonly history: ClipHistory;
  readonly norms: SortedNorms;
  readonly verdict: ClipVerdict;
  readonly findings: readonly KnownFinding[];
  readonly key: Pick<SeriesKey, "axis" | "isEstimate">;
  /** Half a unit of the last digit printed. */
  readonly resolution: number | undefined;
}

const ENOUGH_STEPS = 200;
const COARSE = 0.02;

/** Whether norms are few enough to need a range beside each threshold. */
export function isRough({ sorted }: SortedNorms): boolean {
  return sorted.length < ENOUGH_STEPS;
}

export function cautionsOf(circumstances: Circumstances): readonly Caution[] {
  return CHECKS.flatMap(({ kind, check }) => {
    const message = check(circumstances);
    return message === undefined ? [] : [{ kind, message }];
  });
}

/** Where the norm last settled at another level, so that what came before says little. */
export function levelChangeIn(findings: readonly KnownFinding[]): number | undefined {
  const starts = findings.filter(isGlobal("GN203", "GN205")).map(({ start }) => start);
  return starts.length === 0 ? undefined : Math.max(...starts);
}

type Check = (circumstances: Circumstances) => string | undefined;

const CHECKS: readonly { readonly kind: CautionKind; readonly check: Check }[] = [
  {
    kind: "rough",
    check: ({ norms }) =>
      isRough(norms)
        ? t(
            "Rough: {0} norms, advice is steady from {1} on. The ranges are those of 90 % of block-bootstrap resamples.",
            norms.sorted.length,
            ENOUGH_STEPS,
          )
        : undefined,
  },
  {
    kind: "afterClipping",
    check: ({ verdict }) =>
      verdict.state === "post"
        ? t(
            "{0} Shares below {1} are exact; what is above is unknown.",
            verdict.message,
            formatNumber(verdict.threshold),
          )
        : undefined,
  },
  {
    kind: "stateUnknown",
    check: ({ verdict }) =>
      verdict.state === "undetermined" ? t("{0} The norms are taken as before clipping.", verdict.message) : undefined,
  },
  {
    kind: "heavyTail",
    check: ({ norms, verdict }) =>
      verdict.state !== "post" && hasHeavyTail(norms)
        ? t(
            "The norms have a heavy tail: the median and its spread say little about the largest. Compare spikesOnly with tail.",
          )
        : undefined,
  },
  { kind: "loggingInterval", check: describeInterval },
  {
    kind: "otherAxis",
    check: ({ key }) => (key.axis === undefined ? undefined : t("The log counts {0}, not optimizer steps.", key.axis)),
  },
  {
    kind: "estimated",
    check: ({ key }) => (key.isEstimate === true ? t("The norms are estimates from histograms.") : undefined),
  },
  {
    kind: "bfloat16",
    check: ({ findings }) =>
      findings.some(isGlobal("GN105"))
        ? t("Logged norms are bf16 (GN105), right to 0.4 %: thresholds are given with two digits.")
        : undefined,
  },
  {
    kind: "coarse",
    check: ({ norms, resolution = 0 }) =>
      resolution > COARSE * (medianOfSorted(norms.sorted) ?? Infinity)
        ? t("Norms are printed to ±{0}, which is much of their size: shares are as coarse.", formatNumber(resolution))
        : undefined,
  },
  {
    kind: "levelChange",
    check: ({ findings, history, key }) => {
      const step = levelChangeIn(findings);
      return step === undefined || history.beforeChange === 0
        ? undefined
        : t("The norm settled at another level at {0}: only what follows counts.", stepName(step, key.axis));
    },
  },
  {
    kind: "growing",
    check: ({ findings }) =>
      findings.some(isGlobal("GN204"))
        ? t("The norm was growing slowly (GN204): a fixed threshold would clip more and more.")
        : undefined,
  },
  {
    kind: "nonFinite",
    check: ({ history: { nan, infinite } }) =>
      nan + infinite > 0
        ? t(
            "{0} norms are NaN or infinite. Clipping cannot mend these steps: torch multiplies every gradient by NaN or 0 there.",
            nan + infinite,
          )
        : undefined,
  },
];

function describeInterval({ history: { steps, start }, key }: Circumstances): string | undefined {
  const gaps = Float64Array.from(steps.subarray(start + 1), (step, index) => step - (steps[start + index] ?? step));
  const interval = medianOfSorted(gaps.toSorted()) ?? 1;
  return key.axis === undefined && interval > 1
    ? t(
        "Only 1 in {0} steps is logged: shares refer to logged steps, and adaptive methods see only these.",
        formatNumber(interval),
      )
    : undefined;
}

function isGlobal(...rules: readonly string[]): (finding: KnownFinding) => boolean {
  return ({ rule, tensor }) => tensor === null && rules.includes(rule);
}
