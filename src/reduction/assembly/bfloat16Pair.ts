import { addExactProducts, addExactSquares, both, inRegister, lanes, padded } from "./shared";

/**
 * The sums of pair.ts over bfloat16, to the same bits: each is four sums of every fourth element. Elements become float64 from
 * where they lie, even ones by a shift and odd ones by a mask, for to move them costs a quarter of the time. What changed is
 * counted by codes, eight at a time: of bfloat16 that differ the difference is more than 2⁻⁹ of either, so those that are
 * rounded away are those that stay, without zeros.
 */
export function changeBfloat16(a: usize, b: usize, elements: usize, target: usize): void {
  padded(a, elements * 2);
  padded(b, elements * 2);
  const end = a + ((elements + 7) & ~7) * 2;
  const magnitude = inRegister(0x7fff7fff);
  const upper = inRegister(0xffff0000);
  const none = inRegister(0);
  let evenA = f64x2.splat(0);
  let oddA = evenA;
  let evenB = evenA;
  let oddB = evenA;
  let evenDot = evenA;
  let oddDot = evenA;
  let evenDelta = evenA;
  let oddDelta = evenA;
  let largest = evenA;
  let unmoved: u32 = 0;
  let rounded: u32 = 0;
  let atB = b;
  for (let at = a; at < end;) {
    const stop = min(end, at + BLOCK_BYTES);
    let same = none;
    let kept = none;
    for (let placeA = at, placeB = atB; placeA < stop; placeA += 16, placeB += 16) {
      const codesA = v128.load(placeA);
      const codesB = v128.load(placeB);
      const areEqual = i16x8.eq(codesA, codesB);
      const areZero = i16x8.eq(v128.and(v128.or(codesA, codesB), magnitude), none);
      same = i16x8.sub(same, v128.or(areEqual, areZero));
      kept = i16x8.sub(kept, v128.andnot(areEqual, areZero));
    }
    unmoved += lanes(i32x4.extadd_pairwise_i16x8_u(same));
    rounded += lanes(i32x4.extadd_pairwise_i16x8_u(kept));
    for (; at < stop; at += 8, atB += 8) {
      const codesA = v128.load64_zero(at);
      const codesB = v128.load64_zero(atB);
      const a0 = f64x2.promote_low_f32x4(i32x4.shl(codesA, 16));
      const a1 = f64x2.promote_low_f32x4(v128.and(codesA, upper));
      const b0 = f64x2.promote_low_f32x4(i32x4.shl(codesB, 16));
      const b1 = f64x2.promote_low_f32x4(v128.and(codesB, upper));
      const delta0 = f64x2.sub(b0, a0);
      const delta1 = f64x2.sub(b1, a1);
      evenA = addExactSquares(evenA, a0);
      oddA = addExactSquares(oddA, a1);
      evenB = addExactSquares(evenB, b0);
      oddB = addExactSquares(oddB, b1);
      evenDot = addExactProducts(evenDot, a0, b0);
      oddDot = addExactProducts(oddDot, a1, b1);
      const square0 = f64x2.mul(delta0, delta0);
      const square1 = f64x2.mul(delta1, delta1);
      evenDelta = f64x2.add(evenDelta, square0);
      oddDelta = f64x2.add(oddDelta, square1);
      largest = f64x2.pmax(largest, f64x2.pmax(square0, square1));
    }
  }
  store<f64>(target, byFours(evenA, oddA));
  store<f64>(target, byFours(evenB, oddB), 8);
  store<f64>(target, byFours(evenDot, oddDot), 16);
  store<f64>(target, byFours(evenDelta, oddDelta), 24);
  store<f64>(target, <f64>((end - a) / 2 - unmoved), 32);
  store<f64>(target, <f64>rounded, 40);
  store<f64>(target, sqrt(max(f64x2.extract_lane(largest, 0), f64x2.extract_lane(largest, 1))), 48);
}

/** Stays in the first cache for both loops, and no count of a lane passes 16 bits. */
const BLOCK_BYTES: usize = 8192;

/** As `both` adds them: the sums of elements 0 and 2 of every four lie in `even`, those of 1 and 3 in `odd`. */
function byFours(even: v128, odd: v128): f64 {
  return both(v128.shuffle<u64>(even, odd, 0, 2), v128.shuffle<u64>(even, odd, 1, 3));
}
