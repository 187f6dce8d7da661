import type { Series } from "./series.ts";

/** Whether two series are the same numbers, written twice. */
export type Likeness =
  /** No step is in both, or they count different things. */
  | { readonly kind: "unknown" }
  /** The steps of the second are so much more than those of the first. */
  | { readonly kind: "same"; readonly shift: number }
  | { readonly kind: "different"; readonly agree: number; readonly of: number };

// A float32 and what a console prints of it are nearer than this.
const RELATIVE = 1e-4;
// Steps that are compared, evenly spread: enough to tell, and quick for thousands of tensors.
const MAX_COMPARED = 32;
const LEAST_AGREEING = 0.9;
// Some trainers count steps from 0, others from 1; by chance that explains one step, not three.
const OFFSETS = [0, 1, -1] as const;
const LEAST_SHIFTED = 3;

/** Compares values at steps that both series have. A few may differ: a restarted run writes steps anew. */
export function compareSeries(a: Series, b: Series): Likeness {
  if (a.key.axis !== b.key.axis) {
    return { kind: "unknown" };
  }
  const tolerance = Math.max(a.resolution() ?? 0, b.resolution() ?? 0);
  const [fewer, more] = a.length() < b.length() ? [a, b] : [b, a];
  const steps = spread(fewer);
  let unshifted: Likeness = { kind: "unknown" };
  for (const offset of OFFSETS) {
    const pairs = pairsOf(steps, { fewer, more, offset });
    const agree = pairs.filter(([x, y]) => areEqual(x, y, tolerance)).length;
    const isSame = pairs.length > 0 && agree >= LEAST_AGREEING * pairs.length;
    if (isSame && (offset === 0 || pairs.length >= LEAST_SHIFTED)) {
      return { kind: "same", shift: fewer === a ? offset : -offset };
    }
    if (offset === 0 && pairs.length > 0) {
      unshifted = { kind: "different", agree, of: pairs.length };
    }
  }
  return unshifted;
}

function spread(series: Series): readonly number[] {
  const steps = series.steps();
  const count = Math.min(MAX_COMPARED, steps.length);
  const at = (index: number): number => Math.round((index * (steps.length - 1)) / Math.max(1, count - 1));
  return Array.from({ length: count }, (_, index) => steps[at(index)] ?? Number.NaN);
}

function pairsOf(
  steps: readonly number[],
  { fewer, more, offset }: { readonly fewer: Series; readonly more: Series; readonly offset: number },
): (readonly [number, number])[] {
  return steps.flatMap((step) => {
    const [x, y] = [fewer.valueAt(step), more.valueAt(step + offset)];
    return x === undefined || y === undefined ? [] : [[x, y] as const];
  });
}

/** NaN equals NaN, and an infinity itself. */
function areEqual(x: number, y: number, tolerance: number): boolean {
  if (!Number.isFinite(x) || !Number.isFinite(y)) {
    return Object.is(x, y);
  }
  const allowed = Math.max(RELATIVE * Math.max(Math.abs(x), Math.abs(y)), tolerance * (1 + RELATIVE));
  return Math.abs(x - y) <= allowed;
}
