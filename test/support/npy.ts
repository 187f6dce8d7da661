import { concat } from "./safetensors.ts";

export interface TestArray {
  /** NumPy's word for the elements: `<f4`. */
  readonly descr: string;
  readonly shape: readonly number[];
  readonly data: Uint8Array;
  readonly isFortran?: boolean;
  readonly version?: 1 | 2 | 3;
}

/** A .npy file as np.save writes it. */
export function npyFile({ descr, shape, data, isFortran = false, version = 1 }: TestArray): Uint8Array {
  const tuple = shape.length === 1 ? `${shape[0]},` : shape.join(", ");
  const order = isFortran ? "True" : "False";
  return concat([npyHeader(`{'descr': '${descr}', 'fortran_order': ${order}, 'shape': (${tuple}), }`, version), data]);
}

/** Any header text, right or wrong, padded to a multiple of 64 bytes. */
export function npyHeader(text: string, version: number = 1): Uint8Array {
  const prefix = version === 1 ? 10 : 12;
  const encoded = new TextEncoder().encode(text);
  const padding = 63 - ((prefix + encoded.length) % 64);
  const length = encoded.length + padding + 1;
  const head = Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, version, 0, length, length >> 8);
  const wide = version === 1 ? [] : [Uint8Array.of(length >> 16, length >> 24)];
  return concat([head, ...wide, encoded, new TextEncoder().encode(`${" ".repeat(padding)}\n`)]);
}
