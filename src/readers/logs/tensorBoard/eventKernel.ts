import { crc32cTables } from "../../crc32c.ts";
import { CHECKSUM_TABLE, MEMORY_BYTES } from "./assembly/layout.ts";
import { EVENT_MODULE } from "./eventModule.ts";

/** What assembly/events.ts exports, and the memory it works in. */
export interface EventKernel extends EventExports {
  readonly memory: ArrayBuffer;
}

interface EventExports {
  /** Passes records from a place on; where those end that it did. */
  readonly pass: (begin: number, end: number) => number;
  /** Of the last call: how many that were, and how many samples they had. */
  readonly passed: () => number;
  readonly samples: () => number;
  /** 1 when the record at a place is whole and like an event, else 0. */
  readonly isLike: (event: number, at: number, end: number) => number;
  /** Notes that an event came after the last one. */
  readonly follow: (event: number) => void;
  readonly forget: () => void;
}

let kernel: EventKernel | null | undefined;

/** There is one, which keeps nothing from one read to the next. Null where there is no WebAssembly SIMD. */
export function eventKernel(): EventKernel | null {
  if (kernel === undefined) {
    kernel = load();
  }
  return kernel;
}

function load(): EventKernel | null {
  const bytes = Buffer.from(EVENT_MODULE, "base64");
  if (typeof WebAssembly === "undefined" || !WebAssembly.validate(bytes)) {
    return null;
  }
  const memory = new WebAssembly.Memory({ initial: MEMORY_BYTES / WASM_PAGE_BYTES });
  const tables = crc32cTables();
  new Int32Array(memory.buffer, CHECKSUM_TABLE, tables.length).set(tables);
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory } });
  return { ...exports, memory: memory.buffer };
}

const WASM_PAGE_BYTES = 65_536;

/** Node's types do not declare it. */
declare const WebAssembly: {
  readonly validate: (module: Uint8Array) => boolean;
  readonly Memory: new (size: { readonly initial: number }) => { readonly buffer: ArrayBuffer };
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (
    module: object,
    imports: { readonly env: { readonly memory: { readonly buffer: ArrayBuffer } } },
  ) => { readonly exports: EventExports };
};
