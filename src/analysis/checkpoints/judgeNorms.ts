import type { CheckpointFinding } from "#core/checkpointFinding.ts";
import { formatNumber } from "#core/format.ts";
import type { GlobalNorms, TensorKind, TensorNorms } from "#core/tensor.ts";
import { t } from "@vscode/l10n";
import { depthFindings, depthProfiles } from "./depthProfile.ts";

export interface MeasuredCheckpoint {
  readonly tensors: readonly TensorNorms[];
  /** Of each kind together; tied tensors count once. */
  readonly globals: Readonly<Partial<Record<TensorKind, GlobalNorms>>>;
}

export interface NormLimits {
  /** The global gradient norm may be as large as this. */
  readonly maxNorm: number | undefined;
  /** So many elements may be NaN or infinite; none unless it is said. */
  readonly maxNan: number | undefined;
}

/** What the norms of one checkpoint say without another one beside it. */
export function judgeNorms(checkpoint: MeasuredCheckpoint, limits: NormLimits): readonly CheckpointFinding[] {
  const { gradient } = checkpoint.globals;
  const gradients = checkpoint.tensors.filter(({ kind }) => kind === "gradient");
  const named = gradients.map(({ name, parameter = name, l2, elements }) => ({ name: parameter, norm: l2, elements }));
  return [
    ...brokenTensors(checkpoint, limits),
    ...(gradient === undefined ? [] : [...zeroGradient(gradient), ...largeGradient(gradient, limits)]),
    ...depthFindings(depthProfiles(named)),
  ];
}

const MOST_NAMED = 5;

/** GN505, or GN602 where people said how many are too many. */
function brokenTensors({ tensors, globals }: MeasuredCheckpoint, { maxNan }: NormLimits): CheckpointFinding[] {
  const count = Object.values(globals).reduce((sum, norms) => sum + countBroken(norms), 0);
  const broken = tensors.filter((tensor) => countBroken(tensor) > 0);
  if (count <= (maxNan ?? 0)) {
    return [];
  }
  const names = broken.slice(0, MOST_NAMED).map((tensor) => `${tensor.name} (${tensor.kind}, ${countBroken(tensor)})`);
  const others = broken.length - names.length;
  const listed = names.join(", ");
  const where = others > 0 ? t("{0} and {1} more tensors", listed, others) : listed;
  return [
    {
      rule: maxNan === undefined ? "GN505" : "GN602",
      severity: "error",
      tensor: broken.length === 1 ? (broken[0]?.name ?? null) : null,
      value: count,
      limit: maxNan ?? 0,
      message: describeBroken(count, where, maxNan),
    },
  ];
}

function describeBroken(count: number, where: string, allowed: number | undefined): string {
  if (allowed === undefined) {
    return count === 1
      ? t("1 element is NaN or infinite: {0}.", where)
      : t("{0} elements are NaN or infinite: {1}.", count, where);
  }
  return count === 1
    ? t("1 element is NaN or infinite, more than the {0} allowed: {1}.", allowed, where)
    : t("{0} elements are NaN or infinite, more than the {1} allowed: {2}.", count, allowed, where);
}

function countBroken({ nan, posInf, negInf }: Pick<GlobalNorms, "nan" | "posInf" | "negInf">): number {
  return nan + posInf + negInf;
}

function zeroGradient({ l2, elements, tensors }: GlobalNorms): CheckpointFinding[] {
  const message = t("All {0} gradients in the checkpoint are exactly 0: no parameter receives gradient.", tensors);
  return l2 === 0 && elements > 0
    ? [{ rule: "GN206", severity: "error", tensor: null, value: 0, limit: 0, message }]
    : [];
}

function largeGradient({ l2 }: GlobalNorms, { maxNorm = Infinity }: NormLimits): CheckpointFinding[] {
  const message = t(
    "The global gradient norm is {0}, above the limit of {1}.",
    formatNumber(l2),
    formatNumber(maxNorm),
  );
  return l2 > maxNorm && l2 < Infinity
    ? [{ rule: "GN601", severity: "error", tensor: null, value: l2, limit: maxNorm, message }]
    : [];
}
