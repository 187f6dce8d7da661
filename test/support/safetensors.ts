import type { ByteSource } from "#core/byteSource.ts";

/** A tensor as a test describes it; its bytes are laid out in the order given. */
export interface TestTensor {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data: Uint8Array;
}

/** A whole, valid safetensors file. */
export function safetensorsFile(
  tensors: Readonly<Record<string, TestTensor>>,
  metadata?: Readonly<Record<string, string>>,
): Uint8Array {
  let end = 0;
  const entries = Object.entries(tensors).map(([name, { dtype, shape, data }]) => {
    const begin = end;
    end += data.length;
    return [name, { dtype, shape, data_offsets: [begin, end] }] as const;
  });
  const header = { ...(metadata === undefined ? {} : { __metadata__: metadata }), ...Object.fromEntries(entries) };
  return safetensorsBytes(JSON.stringify(header), concat(Object.values(tensors).map(({ data }) => data)));
}

/** Any header text before any data, right or wrong. */
export function safetensorsBytes(header: string | Uint8Array, data: Uint8Array = new Uint8Array()): Uint8Array {
  const text = typeof header === "string" ? new TextEncoder().encode(header) : header;
  return concat([headerLength(text.length), text, data]);
}

export function headerLength(length: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(length), true);
  return bytes;
}

export function concat(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((total, { length }) => total + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** The little-endian bytes of a typed array. */
export function bytesOf(values: ArrayBufferView): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength).slice();
}

/** Bytes in memory as a source that, like a file, refuses to give what it does not have. */
export function sourceOf(bytes: Uint8Array, name = "model.safetensors"): ByteSource {
  return {
    name,
    size: bytes.length,
    async read(offset, length) {
      if (offset < 0 || offset + length > bytes.length) {
        throw new RangeError(`${name} has ${bytes.length} bytes, not ${length} from ${offset}`);
      }
      return bytes.slice(offset, offset + length);
    },
  };
}
