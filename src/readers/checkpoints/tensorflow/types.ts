import type { DType } from "#core/dtype.ts";
import { t } from "@vscode/l10n";

/** DataType of TensorFlow; numbers of four bits take a whole byte each and are not read. */
const TYPES: Readonly<Record<number, readonly [string, DType?]>> = {
  1: ["DT_FLOAT", "F32"],
  2: ["DT_DOUBLE", "F64"],
  3: ["DT_INT32", "I32"],
  4: ["DT_UINT8", "U8"],
  5: ["DT_INT16", "I16"],
  6: ["DT_INT8", "I8"],
  7: ["strings"],
  8: ["DT_COMPLEX64", "C64"],
  9: ["DT_INT64", "I64"],
  10: ["DT_BOOL", "BOOL"],
  11: ["DT_QINT8", "I8"],
  12: ["DT_QUINT8", "U8"],
  13: ["DT_QINT32", "I32"],
  14: ["DT_BFLOAT16", "BF16"],
  15: ["DT_QINT16", "I16"],
  16: ["DT_QUINT16", "U16"],
  17: ["DT_UINT16", "U16"],
  18: ["DT_COMPLEX128"],
  19: ["DT_HALF", "F16"],
  20: ["DT_RESOURCE"],
  21: ["DT_VARIANT"],
  22: ["DT_UINT32", "U32"],
  23: ["DT_UINT64", "U64"],
  24: ["DT_FLOAT8_E5M2", "F8_E5M2"],
  25: ["DT_FLOAT8_E4M3FN", "F8_E4M3"],
  26: ["DT_FLOAT8_E4M3FNUZ", "F8_E4M3FNUZ"],
  27: ["DT_FLOAT8_E4M3B11FNUZ"],
  28: ["DT_FLOAT8_E5M2FNUZ", "F8_E5M2FNUZ"],
  29: ["DT_INT4"],
  30: ["DT_UINT4"],
  31: ["DT_INT2"],
  32: ["DT_UINT2"],
  33: ["DT_FLOAT4_E2M1FN"],
};

export function tensorflowDType(type: number): DType | undefined {
  return TYPES[type]?.[1];
}

/** For people. */
export function tensorflowTypeName(type: number): string {
  return TYPES[type]?.[0] ?? t("element type {0}", type);
}
