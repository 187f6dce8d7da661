import { concat } from "./safetensors.ts";

export interface TestGgufTensor {
  readonly name: string;
  /** ggml_type. */
  readonly type: number;
  /** Fastest first, as the file has it. */
  readonly ne: readonly (number | bigint)[];
  readonly data?: Uint8Array;
  /** Bytes from the start of the data, where it is not the next aligned one. */
  readonly offset?: number | bigint;
}

export interface TestGguf {
  readonly tensors?: readonly TestGgufTensor[];
  /** Bytes of key-value pairs, as `ggufPair` makes them. */
  readonly pairs?: readonly Uint8Array[];
  readonly alignment?: number;
  readonly version?: number;
  readonly counts?: { readonly tensors?: bigint; readonly pairs?: bigint };
  readonly bigEndian?: boolean;
}

/** A whole GGUF file. */
export function ggufFile(file: TestGguf): Uint8Array {
  const { tensors = [], pairs = [], alignment = 32, version = 3, counts = {}, bigEndian = false } = file;
  const write = ggufWriter({ version, bigEndian });
  const data: Uint8Array[] = [];
  let offset = 0;
  const rows = tensors.map((tensor) => {
    const bytes = tensor.data ?? new Uint8Array();
    const padded = new Uint8Array(Math.ceil(bytes.length / alignment) * alignment);
    padded.set(bytes);
    const dimensions = tensor.ne.map(write.size);
    const row = [write.text(tensor.name), write.u32(tensor.ne.length), ...dimensions, write.u32(tensor.type)];
    const place = write.u64(tensor.offset ?? offset);
    data.push(padded);
    offset += padded.length;
    return concat([...row, place]);
  });
  const header = concat([
    new TextEncoder().encode("GGUF"),
    write.u32(version),
    write.size(counts.tensors ?? tensors.length),
    write.size(counts.pairs ?? pairs.length),
    ...pairs,
    ...rows,
  ]);
  return concat([header, new Uint8Array((alignment - (header.length % alignment)) % alignment), ...data]);
}

export interface GgufWriter {
  readonly u32: (value: number) => Uint8Array;
  readonly u64: (value: number | bigint) => Uint8Array;
  /** Four bytes in version 1. */
  readonly size: (value: number | bigint) => Uint8Array;
  readonly text: (text: string) => Uint8Array;
  readonly pair: (key: string, type: number, value: Uint8Array) => Uint8Array;
}

export function ggufWriter({ version = 3, bigEndian = false } = {}): GgufWriter {
  const u32 = (value: number): Uint8Array => {
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setUint32(0, value, !bigEndian);
    return bytes;
  };
  const u64 = (value: number | bigint): Uint8Array => {
    const bytes = new Uint8Array(8);
    new DataView(bytes.buffer).setBigUint64(0, BigInt(value), !bigEndian);
    return bytes;
  };
  const size = (value: number | bigint): Uint8Array => (version === 1 ? u32(Number(value)) : u64(value));
  const text = (value: string): Uint8Array => {
    const bytes = new TextEncoder().encode(value);
    return concat([size(bytes.length), bytes]);
  };
  const pair = (key: string, type: number, value: Uint8Array): Uint8Array => concat([text(key), u32(type), value]);
  return { u32, u64, size, text, pair };
}
