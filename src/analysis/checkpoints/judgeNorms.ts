import type { CheckpointFinding } from "#core/checkpointFinding.ts";
import { formatNumber } from "#core/format.ts";
import type { GlobalNorms, TensorKind, TensorNorms } from "#core/tensor.ts";
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
  const where = `${names.join(", ")}${others > 0 ? ` and ${others} more tensors` : ""}`;
  const what = count === 1 ? "1 element is" : `${count} elements are`;
  return [
    {
      rule: maxNan === undefined ? "GN505" : "GN602",
      severity: "error",
      tensor: broken.length === 1 ? (broken[0]?.name ?? null) : null,
      value: count,
      limit: maxNan ?? 0,
      message: `${what} NaN or infinite${maxNan === undefined ? "" : `, more than the ${maxNan} allowed`}: ${where}.`,
    },
  ];
}

function countBroken({ nan, posInf, negInf }: Pick<GlobalNorms, "nan" | "posInf" | "negInf">): number {
  return nan + posInf + negInf;
}

function zeroGradient({ l2, elements, tensors }: GlobalNorms): CheckpointFinding[] {
  const message = `All ${tensors} gradients in the checkpoint are exactly 0: no parameter receives gradient.`;
  return l2 === 0 && elements > 0
    ? [{ rule: "GN206", severity: "error", tensor: null, value: 0, limit: 0, message }]
    : [];
}

function largeGradient({ l2 }: GlobalNorms, { maxNorm = Infinity }: NormLimits): CheckpointFinding[] {
  const message = `The global gradient norm is ${formatNumber(l2)}, above the limit of ${formatNumber(maxNorm)}.`;
  return l2 > maxNorm && l2 < Infinity
    ? [{ rule: "GN601", severity: "error", tensor: null, value: l2, limit: maxNorm, message }]
    : [];
}
