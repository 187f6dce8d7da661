import { malformed, ok, type Outcome } from "#core/outcome.ts";
import { t } from "@vscode/l10n";

import { varintAt } from "../shared/protobuf.ts";

/** A row of a table. */
export interface TableEntry {
  /** Bytes as latin-1 characters, so that they compare as bytes do. */
  readonly key: string;
  readonly value: Uint8Array;
  /** Where its block starts, for messages. */
  readonly at: number;
}

// TensorFlow writes variable names; a thousand characters are a long one.
const MAX_KEY_BYTES = 1_000_000;

/** The entries of a block: each key shares its first bytes with the one before; restart points follow the last one. */
export function parseBlock(block: Uint8Array, at: number): Outcome<readonly TableEntry[]> {
  const end = endOfEntries(block);
  if (end === undefined) {
    return malformed(at, t("A block of the table has no list of restarts. The file is damaged; save it again."));
  }
  const entries: TableEntry[] = [];
  let key: Uint8Array = new Uint8Array();
  for (let next = 0; next < end;) {
    const sizes = sizesAt(block, next);
    if (sizes === undefined || sizes.shared > key.length || sizes.valueEnd > end || sizes.keyLength > MAX_KEY_BYTES) {
      return malformed(at, t("An entry of the table does not fit its block. The file is damaged; save it again."));
    }
    const { shared, keyLength, keyStart, valueStart, valueEnd } = sizes;
    const own: Uint8Array = new Uint8Array(keyLength);
    own.set(key.subarray(0, shared));
    own.set(block.subarray(keyStart, valueStart), shared);
    key = own;
    entries.push({ key: textOf(key), value: block.subarray(valueStart, valueEnd), at });
    next = valueEnd;
  }
  return ok(entries);
}

/** One character for each byte; TextDecoder's latin-1 is Windows' own. */
function textOf({ buffer, byteOffset, length }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, length).toString("latin1");
}

/** Before the restart points, of four bytes each, and their number. */
function endOfEntries(block: Uint8Array): number | undefined {
  if (block.length < 4) {
    return undefined;
  }
  const restarts = new DataView(block.buffer, block.byteOffset).getUint32(block.length - 4, true);
  const end = block.length - 4 - restarts * 4;
  return end < 0 ? undefined : end;
}

interface EntrySizes {
  /** Bytes of the key before. */
  readonly shared: number;
  readonly keyLength: number;
  /** Where the bytes that are not shared are. */
  readonly keyStart: number;
  readonly valueStart: number;
  readonly valueEnd: number;
}

/** Three numbers: bytes that are shared, further bytes of the key, bytes of the value. */
function sizesAt(block: Uint8Array, at: number): EntrySizes | undefined {
  const sizes: number[] = [];
  let keyStart = at;
  while (sizes.length < 3) {
    const size = varintAt(block, keyStart);
    if (typeof size === "string" || size.value === undefined) {
      return undefined;
    }
    sizes.push(size.value);
    keyStart = size.end;
  }
  const [shared = 0, unshared = 0, length = 0] = sizes;
  const valueStart = keyStart + unshared;
  return { shared, keyLength: shared + unshared, keyStart, valueStart, valueEnd: valueStart + length };
}
