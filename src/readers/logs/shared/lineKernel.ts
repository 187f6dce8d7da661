import { LINE_MODULE } from "./lineModule.ts";
import { powersOfFive } from "./powersOfFive.ts";
import type { TextBlock } from "./textBlocks.ts";
import { BLOCK_LENGTH } from "./textBlocks.ts";

/** The compiled reader of lines (assembly/kernels.ts), and its memory. There is one, for lines are read without a pause. */
export interface LineKernel {
  /** Puts a block into its memory, where it is not there yet; false when it is too long. */
  readonly load: (block: TextBlock) => boolean;
  /** Reads the lines from `start` of the block on that have the layout in a slot; how many there were. */
  readonly readLines: (slot: number, start: number) => number;
  /** Of each line that was read last, and of the one after them, `placeOf` where it begins; then its numbers. */
  readonly rows: Float64Array;
  /** Where in its block something begins that is there in the kernel's memory. */
  readonly placeOf: (address: number | undefined) => number;
  /** The layout in a slot, to be written. */
  readonly layoutIn: (slot: number) => DataView;
}

export const SLOTS = 4;
/** A longer layout is none. */
export const LAYOUT_BYTES = 2 ** 16;

// The module's own tables lie in the first page.
const PAGE_BYTES = 2 ** 16;
const UNIT_BYTES = 2;
const TEXT_AT = PAGE_BYTES;
// A zero stands behind the text, and more may be loaded at once than is looked at.
const ROWS_AT = TEXT_AT + BLOCK_LENGTH * UNIT_BYTES + 1024;
// A number has a digit at least, and a sign, a newline or something else between it and the next.
const ROWS = BLOCK_LENGTH + 2;
const LAYOUTS_AT = 2 ** 19;

let kernel: LineKernel | null | undefined;

/** Null where there is no WebAssembly SIMD; each line is then parsed. */
export function lineKernel(): LineKernel | null {
  kernel = kernel === undefined ? createLineKernel(Buffer.from(LINE_MODULE, "base64")) : kernel;
  return kernel;
}

function createLineKernel(module: Uint8Array): LineKernel | null {
  if (typeof WebAssembly === "undefined" || !WebAssembly.validate(module)) {
    return null;
  }
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(module));
  const { buffer } = exports.memory;
  const text = Buffer.from(buffer, TEXT_AT, ROWS_AT - TEXT_AT);
  let loaded: number | undefined;
  let end = TEXT_AT;
  const powers = powersOfFive(exports.SMALLEST_POWER.value, exports.LARGEST_POWER.value);
  new BigUint64Array(buffer, exports.powersOfFive.value).set(powers);
  return {
    load(block) {
      if (block.text.length > BLOCK_LENGTH) {
        return false;
      }
      if (block.id !== loaded) {
        const bytes = text.write(block.text, "utf16le");
        text.writeUInt16LE(0, bytes);
        end = TEXT_AT + bytes;
        loaded = block.id;
      }
      return true;
    },
    readLines: (slot, start) =>
      exports.readLines(LAYOUTS_AT + slot * LAYOUT_BYTES, TEXT_AT + start * UNIT_BYTES, end, ROWS_AT),
    rows: new Float64Array(buffer, ROWS_AT, ROWS),
    placeOf: (address = Number.NaN) => (address - TEXT_AT) / UNIT_BYTES,
    layoutIn: (slot) => new DataView(buffer, LAYOUTS_AT + slot * LAYOUT_BYTES, LAYOUT_BYTES),
  };
}

interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly readLines: (layout: number, start: number, end: number, rows: number) => number;
  readonly powersOfFive: { readonly value: number };
  readonly SMALLEST_POWER: { readonly value: number };
  readonly LARGEST_POWER: { readonly value: number };
}

/** Node's types do not declare it. */
declare const WebAssembly: {
  readonly validate: (module: Uint8Array) => boolean;
  readonly Module: new (module: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: Exports };
};
