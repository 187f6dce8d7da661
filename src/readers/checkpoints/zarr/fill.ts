import { bitsOf, type DType } from "#core/dtype.ts";

/** The bytes of one element, little-endian; undefined for a value that Gradlens cannot write as one. */
export function fillBytes(dtype: DType, value: unknown): Uint8Array | undefined {
  const bytes = new Uint8Array(bitsOf(dtype) / 8);
  // Without a value the elements are undefined; TensorStore takes them for zeros.
  if (value === null || value === undefined || value === false || Object.is(value, 0)) {
    return bytes;
  }
  if (typeof value === "string" && /^0x[\da-f]+$/i.test(value)) {
    return value.length === 2 + 2 * bytes.length ? bytesOfHex(value) : undefined;
  }
  const number = typeof value === "string" ? NAMED.get(value) : value === true ? 1 : value;
  return typeof number === "number" && write(dtype, bytes, number) ? bytes : undefined;
}

const NAMED: ReadonlyMap<string, number> = new Map(
  Object.entries<number>({
    NaN: Number.NaN,
    Infinity: Number.POSITIVE_INFINITY,
    "-Infinity": Number.NEGATIVE_INFINITY,
  }),
);

/** `0x7fc00000`: the number's bits, highest first. */
function bytesOfHex(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text.slice(2), "hex")).toReversed();
}

function write(dtype: DType, bytes: Uint8Array, number: number): boolean {
  const view = new DataView(bytes.buffer);
  const whole = Number.isSafeInteger(number) ? BigInt(number) : undefined;
  const setter = SETTERS[dtype];
  if (setter !== undefined) {
    setter(view, number);
    return true;
  }
  if (whole !== undefined && /^[IU]/.test(dtype)) {
    bytes.set(new Uint8Array(BigInt64Array.of(whole).buffer).subarray(0, bytes.length));
    return true;
  }
  return dtype === "BOOL" && (number === 0 || number === 1) && bytes.fill(number).length === 1;
}

const SETTERS: Readonly<Partial<Record<DType, (view: DataView, number: number) => void>>> = {
  F64: (view, number) => view.setFloat64(0, number, true),
  F32: (view, number) => view.setFloat32(0, number, true),
  C64: (view, number) => view.setFloat32(0, number, true),
  // Exact for the values that fills have: small whole numbers, powers of two, NaN and Infinity.
  BF16: (view, number) => {
    const wide = new DataView(new ArrayBuffer(4));
    wide.setFloat32(0, number);
    view.setUint16(0, wide.getUint16(0), true);
  },
};
