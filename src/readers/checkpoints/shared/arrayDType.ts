import { type DType, isDType } from "#core/dtype.ts";

/** The element type that NumPy, JAX and TensorStore call so; undefined for one that Gradlens cannot list. */
export function dtypeByName(name: string): DType | undefined {
  return NAMES.get(name);
}

const NAMES: ReadonlyMap<string, DType> = new Map(
  Object.entries<DType>({
    float64: "F64",
    float32: "F32",
    float16: "F16",
    bfloat16: "BF16",
    float8_e4m3fn: "F8_E4M3",
    float8_e5m2: "F8_E5M2",
    float8_e4m3fnuz: "F8_E4M3FNUZ",
    float8_e5m2fnuz: "F8_E5M2FNUZ",
    float8_e8m0fnu: "F8_E8M0",
    complex64: "C64",
    complex128: "C128",
    int64: "I64",
    int32: "I32",
    int16: "I16",
    int8: "I8",
    uint64: "U64",
    uint32: "U32",
    uint16: "U16",
    uint8: "U8",
    bool: "BOOL",
  }),
);

export interface ElementType {
  readonly dtype: DType;
  readonly isBigEndian: boolean;
}

/** A type as NumPy's array protocol writes it: `<f4`, `>i8`, `|b1`, `|u1`. */
export function dtypeByCode(code: string): ElementType | undefined {
  const [, order = "", letter = "", bytes = ""] = /^([<>|])([bfiuc])(\d{1,2})$/.exec(code) ?? [];
  const name = letter === "b" ? "BOOL" : `${letter.toUpperCase()}${Number(bytes) * 8}`;
  const isKnown = isDType(name) && (letter !== "b" || bytes === "1") && (order !== "|" || bytes === "1");
  return isKnown ? { dtype: name, isBigEndian: order === ">" } : undefined;
}
