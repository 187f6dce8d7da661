// The module's exports. A kernel takes a place in memory and its bytes, writes zeros into the 63 bytes after it at most,
// and gives the sum of the squares; `largest` then gives the maximum.
export { bfloat16 } from "./bfloat16";
export { changeBfloat16 } from "./bfloat16Pair";
export { float32 } from "./float32";
export { float64 } from "./float64";
export { boolean, float4, int16, int32, int8, uint16, uint32, uint8 } from "./integer";
export { largest } from "./largest";
export {
  changeBfloat16ToFloat32,
  changeFloat16,
  changeFloat16ToFloat32,
  changeFloat32,
  changeFloat32ToBfloat16,
  changeFloat32ToFloat16,
} from "./pair";
export { momentsBfloat16, momentsFloat32 } from "./moments";
export { zero } from "./shared";
export { float16, float8, hasByte } from "./smallFloat";
export { widenBfloat16, widenFloat16 } from "./widen";
