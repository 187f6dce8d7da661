import { floatsAt } from "./halves";
import { both, padded, promoteHigh } from "./shared";

// Adam's first and second moment of the same number of elements. Sums go to float64 at `target`, in the order of
// pairs/moments.ts, where the scales lay before: ratio and epsilon. They mean nothing, and the result is false, when a moment is NaN or ±Inf, or the second one negative.

export function momentsFloat32(means: usize, squares: usize, elements: usize, target: usize): bool {
  return moments<f32>(means, squares, elements, target);
}

export function momentsBfloat16(means: usize, squares: usize, elements: usize, target: usize): bool {
  return moments<u16>(means, squares, elements, target);
}

function moments<T>(means: usize, squares: usize, elements: usize, target: usize): bool {
  const ratio = load<f64>(target);
  const epsilon = load<f64>(target, 8);
  padded(means, elements * sizeof<T>());
  padded(squares, elements * sizeof<T>());
  const paddedElements = (elements + 3) & ~3;
  const end = means + paddedElements * sizeof<T>();
  const zero = f64x2.splat(0);
  const epsilons = f64x2.splat(epsilon);
  const scale = f64x2.splat(10);
  const ratios = f64x2.splat(ratio);
  const bins = target + 8 * BINS_AT;
  memory.fill(target, 0, 8 * (BINS_AT + ZERO_BIN + 1));
  let squaredMean = zero;
  let squaredGradient = zero;
  let squaredUpdate = zero;
  let below = zero;
  let signs = zero;
  let offset: usize = 0;
  for (let at = means; at < end; at += 4 * sizeof<T>()) {
    const m = f32x4.abs(floatsAt<T>(at));
    const v = floatsAt<T>(squares + offset);
    offset += 4 * sizeof<T>();
    signs = v128.or(signs, v);
    for (let half = 0; half < 2; half += 1) {
      const mean = half === 0 ? f64x2.promote_low_f32x4(m) : promoteHigh(m);
      const square = half === 0 ? f64x2.promote_low_f32x4(v) : promoteHigh(v);
      const root = f64x2.sqrt(square);
      const isAny = f64x2.ne(mean, zero);
      const update = v128.and(f64x2.div(mean, f64x2.add(root, epsilons)), isAny);
      squaredMean = f64x2.add(squaredMean, f64x2.mul(mean, mean));
      squaredGradient = f64x2.add(squaredGradient, square);
      squaredUpdate = f64x2.add(squaredUpdate, f64x2.mul(update, update));
      below = i64x2.sub(below, f64x2.lt(root, epsilons));
      const place = f64x2.mul(f64x2.mul(f64x2.div(mean, root), ratios), scale);
      const bin = i32x4.trunc_sat_f64x2_u_zero(f64x2.pmin(place, f64x2.splat(LAST_BIN)));
      count(bins, <u32>i32x4.extract_lane(bin, 0), f64x2.extract_lane(square, 0));
      count(bins, <u32>i32x4.extract_lane(bin, 1), f64x2.extract_lane(square, 1));
    }
  }
  const padding = <f64>(paddedElements - elements);
  const belowEpsilon = <f64>(i64x2.extract_lane(below, 0) + i64x2.extract_lane(below, 1));
  store<f64>(target, both(squaredMean, zero));
  store<f64>(target, both(squaredGradient, zero), 8);
  store<f64>(target, both(squaredUpdate, zero), 16);
  store<f64>(target, belowEpsilon - (epsilon > 0 ? padding : 0), 24);
  store<f64>(target, load<f64>(bins + 8 * ZERO_BIN) - padding, 32);
  return (i32x4.bitmask(signs) as i32) === 0 && isFinite(load<f64>(target)) && isFinite(load<f64>(target, 8));
}

/** After the five sums, and one that only script finds. */
const BINS_AT: usize = 6;
const LAST_BIN: f64 = 20;
/** Where elements without a gradient are counted. */
const ZERO_BIN: usize = 21;

function count(bins: usize, bin: u32, square: f64): void {
  const place = bins + 8 * (square === 0 ? ZERO_BIN : <usize>bin);
  store<f64>(place, load<f64>(place) + 1);
}
