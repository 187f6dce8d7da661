import { floatsAt } from "./halves";
import { addExactProducts, addExactSquares, both, inRegister, lanes, padded, promoteHigh } from "./shared";

// The difference b - a of two runs of the same number of elements. Sums go to seven float64 at `target`, in the order of
// pairs/change.ts. Not finite sums of squares tell of NaN and Inf; the other numbers mean nothing then.

export function changeFloat32(a: usize, b: usize, elements: usize, target: usize): void {
  change<f32, f32>(a, b, elements, target);
}

export function changeFloat16(a: usize, b: usize, elements: usize, target: usize): void {
  change<i16, i16>(a, b, elements, target);
}

export function changeBfloat16ToFloat32(a: usize, b: usize, elements: usize, target: usize): void {
  change<u16, f32>(a, b, elements, target);
}

export function changeFloat32ToBfloat16(a: usize, b: usize, elements: usize, target: usize): void {
  change<f32, u16>(a, b, elements, target);
}

export function changeFloat16ToFloat32(a: usize, b: usize, elements: usize, target: usize): void {
  change<i16, f32>(a, b, elements, target);
}

export function changeFloat32ToFloat16(a: usize, b: usize, elements: usize, target: usize): void {
  change<f32, i16>(a, b, elements, target);
}

/** Of the types f32 is float32, u16 bfloat16 and i16 float16. Products of their elements are exact in float64. */
function change<A, B>(startA: usize, startB: usize, elements: usize, target: usize): void {
  padded(startA, elements * sizeof<A>());
  padded(startB, elements * sizeof<B>());
  const end = startA + ((elements + 3) & ~3) * sizeof<A>();
  const scale = inRegister(TWO_TO_9);
  let squaresA0 = f64x2.splat(0);
  let squaresA1 = squaresA0;
  let squaresB0 = squaresA0;
  let squaresB1 = squaresA0;
  let dot0 = squaresA0;
  let dot1 = squaresA0;
  let delta0 = squaresA0;
  let delta1 = squaresA0;
  let largest = squaresA0;
  let changed = squaresA0;
  let rounded = squaresA0;
  let atB = startB;
  for (let at = startA; at < end; at += 4 * sizeof<A>()) {
    const a = floatsAt<A>(at);
    const b = floatsAt<B>(atB);
    atB += 4 * sizeof<B>();
    const lowA = f64x2.promote_low_f32x4(a);
    const highA = promoteHigh(a);
    const lowB = f64x2.promote_low_f32x4(b);
    const highB = promoteHigh(b);
    const low = f64x2.sub(lowB, lowA);
    const high = f64x2.sub(highB, highA);
    squaresA0 = addExactSquares(squaresA0, lowA);
    squaresA1 = addExactSquares(squaresA1, highA);
    squaresB0 = addExactSquares(squaresB0, lowB);
    squaresB1 = addExactSquares(squaresB1, highB);
    dot0 = addExactProducts(dot0, lowA, lowB);
    dot1 = addExactProducts(dot1, highA, highB);
    const lowSquare = f64x2.mul(low, low);
    const highSquare = f64x2.mul(high, high);
    delta0 = f64x2.add(delta0, lowSquare);
    delta1 = f64x2.add(delta1, highSquare);
    largest = f64x2.pmax(largest, f64x2.pmax(lowSquare, highSquare));
    // Exact where it decides: float32 of at most twice each other's size have an exact difference (Sterbenz).
    const difference = f32x4.abs(f32x4.sub(b, a));
    changed = i32x4.sub(changed, f32x4.ne(a, b));
    rounded = i32x4.sub(rounded, f32x4.lt(f32x4.mul(difference, scale), f32x4.abs(a)));
  }
  store<f64>(target, both(squaresA0, squaresA1));
  store<f64>(target, both(squaresB0, squaresB1), 8);
  store<f64>(target, both(dot0, dot1), 16);
  store<f64>(target, both(delta0, delta1), 24);
  store<f64>(target, <f64>lanes(changed), 32);
  store<f64>(target, <f64>lanes(rounded), 40);
  // The root of a rounded square is the number itself.
  store<f64>(target, sqrt(max(f64x2.extract_lane(largest, 0), f64x2.extract_lane(largest, 1))), 48);
}

/** The bits of 2⁹ as a float32. */
const TWO_TO_9: i32 = (127 + 9) << 23;
