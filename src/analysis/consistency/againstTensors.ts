import { formatNumber, percentInTwoDigits } from "#core/format.ts";
import type { Axis } from "#core/series.ts";
import { stepName } from "#l10n/stepName.ts";
import { t } from "@vscode/l10n";
import { LEAST_PAIRS, spanOf } from "./betweenRuns.ts";
import { describeFactor, ratioOf } from "./ratio.ts";
import type { Evidence, Suspicion } from "./suspicion.ts";

/** The logged global norm of a step beside what the norms of its tensors add up to. */
export interface Recomputed {
  readonly step: number;
  readonly logged: number;
  /** sqrt of the sum of the tensors' squared norms. */
  readonly fromTensors: number;
  readonly largest: { readonly tensor: string; readonly norm: number };
  readonly tensors: number;
}

/** Rounding to bfloat16 moves a norm by 0.4 %, printing it by less. */
const ROUNDING = 0.01;
const CONSTANT_SPREAD = 0.01;
/** A clipped norm is the threshold; the other side then varies more than that. */
const CLIPPED_SHARE = 0.1;
const NEARLY_ALL = 0.95;

/**
 * Compares the logged global norm with the one that the tensors' norms give, at steps where both are finite and
 * positive. No suspicion when they agree, or when there are fewer than 20 such steps and none proves anything.
 */
export function compareWithTensors(steps: readonly Recomputed[], axis?: Axis): Suspicion | undefined {
  const impossible = steps.filter(({ logged, largest }) => logged < largest.norm * (1 - ROUNDING));
  const [first] = impossible;
  if (steps.length < LEAST_PAIRS) {
    return first === undefined ? undefined : smallerThanTensor({ first, found: impossible, steps, axis });
  }
  const unequal = steps.filter((step) => !isEqual(step));
  if (unequal.length <= (1 - NEARLY_ALL) * steps.length) {
    return first === undefined ? undefined : smallerThanTensor({ first, found: impossible, steps, axis });
  }
  return (
    clipped(steps, unequal) ??
    scaled(steps) ??
    (first === undefined ? undefined : smallerThanTensor({ first, found: impossible, steps, axis })) ??
    incomplete(steps)
  );
}

function isEqual({ logged, fromTensors }: Recomputed): boolean {
  return Math.abs(Math.log(logged / fromTensors)) <= ROUNDING;
}

/** The one thing that arithmetic proves: a sum of squares is no smaller than one of them. */
interface Impossible {
  readonly first: Recomputed;
  readonly found: readonly Recomputed[];
  readonly steps: readonly Recomputed[];
  readonly axis: Axis | undefined;
}

function smallerThanTensor({ first, found, steps, axis }: Impossible): Suspicion {
  const { step, logged, largest } = first;
  return {
    kind: "smallerThanTensor",
    isProven: true,
    sentence: t(
      "The logged global norm cannot be that of the logged tensors: at {0} it is {1}, and {2} alone has {3} ({4} of {5} steps).",
      stepName(step, axis),
      formatNumber(logged),
      largest.tensor,
      formatNumber(largest.norm),
      found.length,
      steps.length,
    ),
    evidence: evidenceOf(found, steps),
  };
}

/** Where the two differ, the smaller one is always the same: one was measured after clipping, the other before. */
function clipped(steps: readonly Recomputed[], unequal: readonly Recomputed[]): Suspicion | undefined {
  const isLoggedSmaller = unequal.filter(({ logged, fromTensors }) => logged < fromTensors);
  const isLogged = isLoggedSmaller.length * 2 > unequal.length;
  const sides = unequal.map(({ step, logged, fromTensors }) =>
    isLogged ? { step, a: logged, b: fromTensors } : { step, a: fromTensors, b: logged },
  );
  const [smaller, larger] = [
    sides.map((pair) => ({ ...pair, b: 1 })),
    sides.map(({ step, b }) => ({ step, a: b, b: 1 })),
  ].map(ratioOf);
  const isSteady =
    smaller !== undefined && smaller.spread <= CONSTANT_SPREAD && (larger?.spread ?? 0) > 2 * CONSTANT_SPREAD;
  if (!isSteady || unequal.length < Math.max(LEAST_PAIRS / 2, CLIPPED_SHARE * steps.length)) {
    return undefined;
  }
  const value = formatNumber(smaller.value);
  return {
    kind: "oneSideClipped",
    isProven: false,
    sentence: isLogged
      ? t(
          "Suspect because, where the global norm and the root of the tensors' squares differ, the smaller is always {0}: the global norm is logged after clipping to that, the tensors' before.",
          value,
        )
      : t(
          "Suspect because, where the global norm and the root of the tensors' squares differ, the smaller is always {0}: the tensors' norms are logged after clipping to that, the global one before.",
          value,
        ),
    evidence: evidenceOf(unequal, steps, smaller.value),
  };
}

function scaled(steps: readonly Recomputed[]): Suspicion | undefined {
  const ratio = ratioOf(steps.map(({ step, logged, fromTensors }) => ({ step, a: logged, b: fromTensors })));
  if (ratio === undefined || ratio.spread > CONSTANT_SPREAD || Math.abs(Math.log(ratio.value)) <= ROUNDING) {
    return undefined;
  }
  const factor = Math.max(ratio.value, 1 / ratio.value);
  const known = describeFactor(factor);
  const cause = known === "" ? t("one of the two is scaled, or of a part of the gradient") : known;
  const facts = [formatNumber(factor), steps.length, percentInTwoDigits(ratio.spread), cause] as const;
  return {
    kind: "scaledAgainstTensors",
    isProven: false,
    sentence:
      ratio.value > 1
        ? t(
            "Suspect because the global norm is {0}× the root of the tensors' squares at all {1} steps (spread {2}): {3}.",
            ...facts,
          )
        : t(
            "Suspect because the root of the tensors' squares is {0}× the global norm at all {1} steps (spread {2}): {3}.",
            ...facts,
          ),
    evidence: { ...evidenceOf(steps, steps, factor), spread: ratio.spread },
  };
}

/** The ratio varies: tensors are missing when the global norm is larger, and something is wrong when it is smaller. */
function incomplete(steps: readonly Recomputed[]): Suspicion {
  const larger = steps.filter((step) => step.logged > step.fromTensors || isEqual(step));
  const ratio = ratioOf(steps.map(({ step, logged, fromTensors }) => ({ step, a: fromTensors, b: logged })));
  const share = (ratio?.value ?? Number.NaN) ** 2;
  if (larger.length >= NEARLY_ALL * steps.length) {
    return {
      kind: "missingTensors",
      isProven: false,
      sentence: t(
        "The logged tensors have {0} of the squared global norm: the others are not logged, or these are logged in part.",
        percentInTwoDigits(share),
      ),
      evidence: evidenceOf(larger, steps, share),
    };
  }
  const smaller = steps.filter((step) => !larger.includes(step));
  return {
    kind: "smallerThanTensors",
    isProven: false,
    sentence: t(
      "Suspect because the global norm is smaller than the root of the tensors' squares at {0} of {1} steps: it is of a part of the gradient, or was measured at another time.",
      smaller.length,
      steps.length,
    ),
    evidence: evidenceOf(smaller, steps, share),
  };
}

function evidenceOf(found: readonly Recomputed[], all: readonly Recomputed[], value?: number): Evidence {
  return { ...spanOf(found), count: found.length, of: all.length, ...(value === undefined ? {} : { value }) };
}
