import { closeSync, ftruncateSync, openSync, writeSync } from "node:fs";
import { ggufFile } from "../test/support/gguf.ts";
import { hdf5File } from "../test/support/hdf5.ts";
import { latin1, pickle } from "../test/support/pickle.ts";
import { concat } from "../test/support/safetensors.ts";
import { tensor } from "../test/support/torch.ts";
import { u16, u32, u64 } from "../test/support/zip.ts";
import { makeCheckpoint } from "./checkpoints.ts";

export interface LargeFile {
  readonly what: string;
  readonly opened: string;
  readonly make: (path: string) => void;
}

const TENSORS = 300;
const ELEMENTS = 8 * 2 ** 20;
const TENSOR_BYTES = 4 * ELEMENTS;

/** Files of 10 GB that take no room on the disk: 300 tensors of 32 MiB of zeros. */
export const LARGE_FILES: readonly LargeFile[] = [
  {
    what: "safetensors",
    opened: "large.safetensors",
    make: (path) => makeCheckpoint(path, { dtype: "F32", tensors: TENSORS, elements: ELEMENTS, isSparse: true }),
  },
  { what: "PyTorch, zip", opened: "large.pt", make: writeTorchZip },
  { what: "HDF5", opened: "large.h5", make: writeHdf5 },
  { what: "GGUF", opened: "large.gguf", make: writeGguf },
];

/** Pieces at their places; the rest are holes. */
function writeSparse(path: string, pieces: readonly (readonly [at: number, bytes: Uint8Array])[], size: number): void {
  const file = openSync(path, "w");
  pieces.forEach(([at, bytes]) => writeSync(file, bytes, 0, bytes.length, at));
  ftruncateSync(file, size);
  closeSync(file);
}

function writeGguf(path: string): void {
  const tensors = Array.from({ length: TENSORS }, (_, index) => {
    return { name: `blk.${index}.weight`, type: 0, ne: [ELEMENTS], offset: index * TENSOR_BYTES };
  });
  const head = ggufFile({ tensors });
  writeSparse(path, [[0, head]], head.length + TENSORS * TENSOR_BYTES);
}

/** The datasets lie behind everything else. */
function writeHdf5(path: string): void {
  const start = 2 ** 20;
  const datasets = Array.from({ length: TENSORS }, (_, index) => {
    const claims = { address: start + index * TENSOR_BYTES, bytes: TENSOR_BYTES };
    return [`weight${index}`, { type: "<f4", shape: [ELEMENTS], data: new Uint8Array(8), claims }] as const;
  });
  const head = hdf5File({ children: Object.fromEntries(datasets) });
  writeSparse(path, [[0, head]], start + TENSORS * TENSOR_BYTES);
}

/** As torch.save writes it: payloads at multiples of 64 bytes, places beyond 4 GiB in fields of zip64. */
function writeTorchZip(path: string): void {
  const storages = Array.from({ length: TENSORS }, (_, index) => {
    return { key: String(index), type: "Float", elements: ELEMENTS, data: new Uint8Array() };
  });
  const root = pickle(
    new Map(storages.map((storage, index) => [`weight${index}`, tensor({ storage, size: [ELEMENTS], stride: [1] })])),
  );
  const pieces: [number, Uint8Array][] = [];
  const listed: Uint8Array[] = [];
  let at = 0;
  const add = (name: string, size: number, data?: Uint8Array): void => {
    const text = latin1(name);
    const padding = 64 - ((at + 30 + text.length) % 64);
    const said = [u16(20), u16(0), u16(0), u32(0), u32(0)];
    pieces.push([at, concat([u32(0x04_03_4b_50), ...said, u32(0), u32(0), u16(text.length), u16(padding), text])]);
    const sizes = [u32(size), u32(size), u16(text.length), u16(12), u16(0), u16(0), u16(0), u32(0), u32(0xffff_ffff)];
    listed.push(concat([u32(0x02_01_4b_50), u16(45), ...said, ...sizes, text, u16(1), u16(8), u64(at)]));
    at += 30 + text.length + padding;
    pieces.push([at, data ?? new Uint8Array()]);
    at += size;
  };
  add("archive/data.pkl", root.length, root);
  storages.forEach(({ key }) => add(`archive/data/${key}`, TENSOR_BYTES));
  const directory = concat(listed);
  const counts = [u64(listed.length), u64(listed.length), u64(directory.length), u64(at)];
  const end64 = [u32(0x06_06_4b_50), u64(44), u16(45), u16(45), u32(0), u32(0), ...counts];
  const locator = [u32(0x07_06_4b_50), u32(0), u64(at + directory.length), u32(1)];
  const end = [u32(0x06_05_4b_50), u32(0), u32(0xffff_ffff), u32(0xffff_ffff), u32(0xffff_ffff), u16(0)];
  const tail = concat([directory, ...end64, ...locator, ...end]);
  writeSparse(path, [...pieces, [at, tail]], at + tail.length);
}
