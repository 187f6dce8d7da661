import type { AdamReview, ComparisonReview } from "#analysis/checkpoints/review.ts";
import type { StepsBetween } from "#analysis/checkpoints/stepsBetween.ts";
import type { TensorUpdate } from "#analysis/checkpoints/updates.ts";
import type { CheckpointComparison } from "#core/comparison.ts";
import { rollUp } from "#core/names/groups.ts";
import { inModelOrder } from "#core/names/order.ts";

export interface Compared {
  readonly paths: readonly [before: string, after: string];
  readonly comparison: CheckpointComparison;
  readonly steps: StepsBetween | null;
  readonly review: ComparisonReview;
}

/** What `gradlens diff --json` prints. */
export function toDocument({ paths, comparison, steps, review }: Compared): object {
  const { before, after, reshaped, added, missing, unmeasured, threads, readBytes, seconds, notes } = comparison;
  const updates = inModelOrder(review.updates, ({ tensor }) => tensor.name);
  return {
    schema: "gradlens/diff@1",
    before: { source: paths[0], format: before.format, bytes: before.bytes },
    after: { source: paths[1], format: after.format, bytes: after.bytes },
    steps,
    tensors: updates.map(describeUpdate),
    groups: groupsOf(updates),
    globals: Object.fromEntries(
      (["weight", "gradient"] as const).flatMap((kind) => {
        const own = countedOnce(updates).filter(({ tensor }) => tensor.kind === kind);
        return own.length === 0 ? [] : [[kind, globalChange(own)] as const];
      }),
    ),
    unmoved: updates.filter(({ isUnmoved }) => isUnmoved).map(({ tensor }) => tensor.name),
    reshaped,
    added: added.map(({ name, kind, dtype, shape }) => ({ name, kind, dtype, shape })),
    missing: missing.map(({ name, kind, dtype, shape }) => ({ name, kind, dtype, shape })),
    unmeasured: unmeasured.map(({ name, kind, dtype, shape, why }) => ({ name, kind, dtype, shape, why })),
    adam: { before: describeAdam(review.adam.before), after: describeAdam(review.adam.after) },
    depth: review.profiles,
    findings: review.findings,
    threads,
    readBytes,
    seconds,
    notes,
  };
}

function describeUpdate({ tensor, address, relative, perStep, cosine }: TensorUpdate): object {
  const { name, nameBefore, kind, dtype, dtypeBefore, shape, elements, isTied, change } = tensor;
  return {
    name,
    nameBefore,
    kind,
    role: address.role,
    group: address.group,
    dtype,
    dtypeBefore,
    shape,
    elements,
    isTied,
    ...change,
    relative,
    perStep,
    cosine,
  };
}

function countedOnce(updates: readonly TensorUpdate[]): readonly TensorUpdate[] {
  return updates.filter(({ tensor }) => !tensor.isTied);
}

interface GlobalChange {
  readonly before: number;
  readonly after: number;
  readonly delta: number;
  readonly relative: number | null;
  readonly tensors: number;
}

/** Norms of all tensors together, from the sums of their squares. */
export function globalChange(updates: readonly TensorUpdate[]): GlobalChange {
  const normOf = (key: "before" | "after" | "delta"): number =>
    Math.sqrt(updates.reduce((sum, { tensor }) => sum + tensor.change[key] ** 2, 0));
  const [before, after, delta] = [normOf("before"), normOf("after"), normOf("delta")];
  return { before, after, delta, relative: before > 0 ? delta / before : null, tensors: updates.length };
}

/** Blocks and modules of the weights in the model's order. */
function groupsOf(updates: readonly TensorUpdate[]): readonly object[] {
  const weights = countedOnce(updates).filter(({ tensor }) => tensor.kind === "weight");
  const named = weights.map(({ tensor: { name, elements, change } }) => ({ name, elements, change }));
  const before = rollUp(named.map(({ change, ...rest }) => ({ ...rest, norm: change.before })));
  const delta = rollUp(named.map(({ change, ...rest }) => ({ ...rest, norm: change.delta })));
  return before.map(({ group, norm, elements, tensors }, at) => {
    const moved = delta[at]?.norm ?? Number.NaN;
    return { group, tensors, elements, before: norm, delta: moved, relative: norm > 0 ? moved / norm : null };
  });
}

function describeAdam(adam: AdamReview | null): object | null {
  if (adam === null) {
    return null;
  }
  const { globalNorm, steps, notes } = adam;
  const gradients = adam.gradients.map(({ parameter, norm, rms, noise, updateRatio }) => {
    const { name, elements, step, beta1, beta2, epsilon, storedNorm, sums } = parameter;
    const { belowEpsilon, zeros, nonFinite, ratios } = sums;
    const counts = { belowEpsilon, zeros, nonFinite, ratios };
    return { name, elements, step, beta1, beta2, epsilon, norm, rms, noise, updateRatio, storedNorm, ...counts };
  });
  return { globalNorm, steps, gradients, notes };
}
