import { call, latin1, name, pickle, type Pickled, persistent, Written } from "./pickle.ts";
import { concat } from "./safetensors.ts";
import { type TestFile, u64, zipFile } from "./zip.ts";

/** A storage of a checkpoint: its type's name in torch, and its bytes. */
export interface TestStorage {
  readonly key: string;
  /** `Float`, `BFloat16`, … or `Untyped`. */
  readonly type: string;
  readonly elements: number;
  readonly data: Uint8Array;
}

export interface TestView {
  readonly storage: TestStorage;
  readonly offset?: number;
  readonly size: readonly number[];
  readonly stride: readonly number[];
  /** Of a tensor in bytes without a type: `float8_e4m3fn`. */
  readonly dtype?: string;
  /** What the reference says instead of what is right. */
  readonly id?: Pickled;
}

/** A tensor as torch's pickler writes it. */
export function tensor({ storage, offset = 0, size, stride, dtype, id }: TestView): Written {
  const args = [
    persistent(id ?? storageId(storage)),
    offset,
    size,
    stride,
    false,
    call(name("collections", "OrderedDict"), []),
  ];
  return dtype === undefined
    ? call(name("torch._utils", "_rebuild_tensor_v2"), args)
    : call(name("torch._utils", "_rebuild_tensor_v3"), [...args, name("torch", dtype)]);
}

export function storageId({ key, type, elements }: TestStorage): Pickled[] {
  const module = type === "Untyped" ? "torch.storage" : "torch";
  return ["storage", name(module, `${type}Storage`), key, "cpu", elements];
}

export interface TorchZipOptions {
  readonly byteorder?: string;
  readonly isDeflated?: boolean;
  readonly extra?: readonly TestFile[];
  readonly prefix?: string;
}

/** What torch.save writes: payloads aligned to 64 bytes, no sizes in local headers, zip64 records. */
export function torchZip(
  root: Pickled | Uint8Array,
  storages: readonly TestStorage[],
  options: TorchZipOptions = {},
): Uint8Array {
  const { byteorder = "little", isDeflated = false, extra = [], prefix = "archive/" } = options;
  const files: TestFile[] = [
    { name: "data.pkl", data: root instanceof Uint8Array ? root : pickle(root), isDeflated },
    { name: "byteorder", data: latin1(byteorder) },
    ...storages.map(({ key, data }) => ({ name: `data/${key}`, data, isDeflated })),
    { name: "version", data: latin1("3\n") },
    ...extra,
  ];
  return zipFile(
    files.map((file) => ({ alignment: 64, ...file, name: prefix + file.name })),
    { isZip64: true },
  );
}

const MAGIC = new Written("\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19");

/** What torch.save wrote before 1.6. References have a sixth field, a view or nothing. */
export function torchLegacy(
  root: Pickled,
  storages: readonly TestStorage[],
  keys: readonly string[] = storages.map(({ key }) => key),
): Uint8Array {
  const info = { protocol_version: 1001, little_endian: true };
  return concat([
    pickle(MAGIC),
    pickle(1001),
    pickle(info),
    pickle(root),
    pickle(keys),
    ...storages.flatMap(({ elements, data }) => [u64(elements), data]),
  ]);
}

export interface TarFile {
  readonly name: string;
  readonly data: Uint8Array;
}

export function tarFile(files: readonly TarFile[]): Uint8Array {
  return concat([
    ...files.flatMap(({ name: own, data }) => [
      tarHeader(own, data.length),
      data,
      new Uint8Array((512 - (data.length % 512)) % 512),
    ]),
    new Uint8Array(1024),
  ]);
}

function tarHeader(own: string, size: number): Uint8Array {
  const header = new Uint8Array(512);
  const write = (text: string, at: number): void => header.set(latin1(text), at);
  write(own, 0);
  write("0000644\0", 100);
  write(`${size.toString(8).padStart(11, "0")}\0`, 124);
  write("        ", 148);
  write("0ustar\x0000", 156);
  const sum = header.reduce((total, byte) => total + byte, 0);
  write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return header;
}
