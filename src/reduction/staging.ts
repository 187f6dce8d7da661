import { bitsOf, type DType } from "#core/dtype.ts";
import { t } from "@vscode/l10n";

/** Page-aligned memory for two chunks: one is reduced while the next is read. */
export interface Staging {
  /** Elements of a chunk. */
  readonly chunkElements: (dtype: DType) => number;
  /** The part of slot 0 or 1 that a chunk should be read into; valid until the same slot is placed again. */
  readonly place: (slot: number, chunk: Placement) => Uint8Array;
  /** Takes the memory for one tensor and returns the function that gives it back. Throws while it is taken. */
  readonly claim: () => () => void;
}

export interface Placement {
  /** Bytes from the start of the file. */
  readonly offset: number;
  /** Bytes: at most a chunk. */
  readonly length: number;
  /** Bytes of one element: a power of two. */
  readonly alignment: number;
}

export interface ChunkLimits {
  readonly bytes: number;
  readonly elements: number;
}

/**
 * For engines that read a chunk twice: the squares of a million float32 stay in the cache, which doubles the speed of
 * onnxruntime.
 */
const DEFAULT_LIMITS: ChunkLimits = { bytes: 4 * 1024 * 1024, elements: 1024 * 1024 };

export function createStaging(limits = DEFAULT_LIMITS, memory = createStagingMemory(limits)): Staging {
  const slotBytes = slotBytesFor(limits);
  let claimed = false;
  return {
    chunkElements: (dtype) => Math.min(limits.elements, wholeBlocks((limits.bytes * 8) / bitsOf(dtype))),
    place(slot, { offset, length, alignment }) {
      // Copying out of the page cache is six times slower into memory 1 to 63 bytes ahead of the file offset, modulo a
      // page. The same place in its page as in the file is fast, and so is a few bytes before it.
      const inPage = offset % PAGE_BYTES;
      return new Uint8Array(memory.buffer, slot * slotBytes + inPage - (inPage % alignment), length);
    },
    claim() {
      if (claimed) {
        throw new Error(t("A reduction engine reduces one tensor at a time."));
      }
      claimed = true;
      return () => {
        claimed = false;
      };
    },
  };
}

/** Quantised types keep up to 256 elements in a block. */
function wholeBlocks(elements: number): number {
  return elements - (elements % BLOCK_ELEMENTS);
}

const BLOCK_ELEMENTS = 256;

/** Memory for two chunks, and more behind them where it is asked for. */
export function createStagingMemory(limits: ChunkLimits, moreBytes = 0): WasmMemory {
  return new WebAssembly.Memory({ initial: Math.ceil((afterStaging(limits) + moreBytes) / WASM_PAGE_BYTES) });
}

/** Where the memory behind the chunks begins. */
export function afterStaging(limits: ChunkLimits): number {
  return 2 * slotBytesFor(limits);
}

/** A page for where the chunk starts in its page, and one that the SIMD kernels may begin to fill with zeros after it. */
function slotBytesFor({ bytes }: ChunkLimits): number {
  return bytes + 2 * PAGE_BYTES;
}

const PAGE_BYTES = 4096;
const WASM_PAGE_BYTES = 65_536;

export interface WasmMemory {
  readonly buffer: ArrayBuffer;
}

/** The one memory JavaScript can have page aligned; es2023 and Node's types do not declare it. */
declare const WebAssembly: {
  readonly Memory: new (size: { readonly initial: number }) => WasmMemory;
};
