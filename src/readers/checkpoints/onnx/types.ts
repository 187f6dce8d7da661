import type { DType } from "#core/dtype.ts";

export interface OnnxType {
  /** As TensorProto.DataType calls it. */
  readonly name: string;
  /** Missing: there is no norm of such elements here. */
  readonly dtype?: DType;
  readonly list?: OnnxListType;
}

/** The field of TensorProto that lists the elements where they are not raw, and the bytes of one of its items. */
export interface OnnxListType {
  readonly field: OnnxListField;
  readonly bytes: 1 | 2 | 4 | 8;
}

/** float_data, int32_data, int64_data, double_data, uint64_data. */
export type OnnxListField = 4 | 5 | 7 | 10 | 11;

const int32List = (bytes: 1 | 2 | 4): OnnxListType => ({ field: 5, bytes });

/** By TensorProto.DataType; small types stand in int32_data bit by bit, those of four bits two to an item. */
export const ONNX_TYPES: ReadonlyMap<number, OnnxType> = new Map<number, OnnxType>([
  [1, { name: "FLOAT", dtype: "F32", list: { field: 4, bytes: 4 } }],
  [2, { name: "UINT8", dtype: "U8", list: int32List(1) }],
  [3, { name: "INT8", dtype: "I8", list: int32List(1) }],
  [4, { name: "UINT16", dtype: "U16", list: int32List(2) }],
  [5, { name: "INT16", dtype: "I16", list: int32List(2) }],
  [6, { name: "INT32", dtype: "I32", list: int32List(4) }],
  [7, { name: "INT64", dtype: "I64", list: { field: 7, bytes: 8 } }],
  [8, { name: "STRING" }],
  [9, { name: "BOOL", dtype: "BOOL", list: int32List(1) }],
  [10, { name: "FLOAT16", dtype: "F16", list: int32List(2) }],
  [11, { name: "DOUBLE", dtype: "F64", list: { field: 10, bytes: 8 } }],
  [12, { name: "UINT32", dtype: "U32", list: { field: 11, bytes: 4 } }],
  [13, { name: "UINT64", dtype: "U64", list: { field: 11, bytes: 8 } }],
  [14, { name: "COMPLEX64", dtype: "C64", list: { field: 4, bytes: 4 } }],
  [15, { name: "COMPLEX128" }],
  [16, { name: "BFLOAT16", dtype: "BF16", list: int32List(2) }],
  [17, { name: "FLOAT8E4M3FN", dtype: "F8_E4M3", list: int32List(1) }],
  [18, { name: "FLOAT8E4M3FNUZ", dtype: "F8_E4M3FNUZ", list: int32List(1) }],
  [19, { name: "FLOAT8E5M2", dtype: "F8_E5M2", list: int32List(1) }],
  [20, { name: "FLOAT8E5M2FNUZ", dtype: "F8_E5M2FNUZ", list: int32List(1) }],
  [21, { name: "UINT4", dtype: "U4", list: int32List(1) }],
  [22, { name: "INT4", dtype: "I4", list: int32List(1) }],
  [23, { name: "FLOAT4E2M1", dtype: "F4", list: int32List(1) }],
  [24, { name: "FLOAT8E8M0", dtype: "F8_E8M0", list: int32List(1) }],
  [25, { name: "UINT2" }],
  [26, { name: "INT2" }],
  [27, { name: "FLOAT6E2M3" }],
  [28, { name: "FLOAT6E3M2" }],
]);
