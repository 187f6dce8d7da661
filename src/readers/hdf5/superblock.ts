import type { ByteSource } from "#core/byteSource.ts";
import { ok, type Outcome, unsupported } from "#core/outcome.ts";
import { t } from "@vscode/l10n";

import { type Cursor, type Hdf5File, readUpTo, skip, takeAddress, takeNumber, takeSetAddress } from "./records.ts";
import { damaged } from "./refusal.ts";

export interface Superblock {
  readonly file: Hdf5File;
  /** Address of the root group's object header. */
  readonly root: number;
  /** A program has it open for writing, or ended without closing it. */
  readonly isBeingWritten: boolean;
}

const SIGNATURE = Uint8Array.of(0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a);

// Other data may stand before the file: 512 bytes, or twice as many, and so on. MATLAB uses 512; nobody more than these.
const PLACES = [0, 512, 1024, 2048];

/** Where an HDF5 file starts in what begins with `head`; undefined when it is none. */
export function findHdf5(head: Uint8Array): number | undefined {
  return PLACES.find((place) => SIGNATURE.every((byte, at) => head[place + at] === byte));
}

/** Whether a file is empty yet, or starts with a part of the signature: HDF5 writes its first bytes late. */
export function startsHdf5(head: Uint8Array): boolean {
  return (
    head.subarray(0, SIGNATURE.length).every((byte, at) => byte === SIGNATURE[at]) || head.every((byte) => byte === 0)
  );
}

// The largest, with addresses of 8 bytes, has 96.
const SUPERBLOCK_BYTES = 128;

/** Rejects with a refusal where it is damaged. */
export async function readSuperblock(source: ByteSource, start: number): Promise<Outcome<Superblock>> {
  const have = source.size;
  if (have - start < SHORTEST_BYTES) {
    return { kind: "incomplete", have, need: start + SHORTEST_BYTES };
  }
  const cursor = await readUpTo({ source, base: start, addressBytes: 8, lengthBytes: 8 }, 0, SUPERBLOCK_BYTES);
  skip(cursor, SIGNATURE.length);
  const version = takeNumber(cursor, 1);
  if (version > 3) {
    return unsupported(
      t("The HDF5 file has superblock version {0}; versions 0 to 3 are read. Update Gradlens.", version),
    );
  }
  const { addressBytes, lengthBytes, flags } = version < 2 ? takeOldHead(cursor, version) : takeHead(cursor);
  const sized = { ...cursor, file: { ...cursor.file, addressBytes, lengthBytes } };
  const need = start + sized.position + 6 * addressBytes;
  return need > have
    ? { kind: "incomplete", have, need }
    : takeAddresses(sized, { isOld: version < 2, isBeingWritten: version === 3 && (flags & 1) === 1 });
}

interface Head {
  readonly addressBytes: number;
  readonly lengthBytes: number;
  readonly flags: number;
}

/** Of versions 0 and 1: versions of other records before the widths, sizes of tree nodes after them. */
function takeOldHead(cursor: Cursor, version: number): Head {
  skip(cursor, 4);
  const widths = takeWidths(cursor);
  skip(cursor, 9 + (version === 1 ? 4 : 0));
  return { ...widths, flags: 0 };
}

function takeHead(cursor: Cursor): Head {
  return { ...takeWidths(cursor), flags: takeNumber(cursor, 1) };
}

function takeWidths(cursor: Cursor): Omit<Head, "flags"> {
  const addressBytes = takeNumber(cursor, 1);
  const lengthBytes = takeNumber(cursor, 1);
  if (!WIDTHS.has(addressBytes) || !WIDTHS.has(lengthBytes)) {
    throw damaged(cursor.offset, t("Addresses of {0} bytes and lengths of {1} cannot be.", addressBytes, lengthBytes));
  }
  return { addressBytes, lengthBytes };
}

const WIDTHS: ReadonlySet<number> = new Set([2, 4, 8]);
// Both kinds have these at least, with addresses of two bytes.
const SHORTEST_BYTES = 28;

interface Kind {
  readonly isOld: boolean;
  readonly isBeingWritten: boolean;
}

function takeAddresses(cursor: Cursor, { isOld, isBeingWritten }: Kind): Outcome<Superblock> {
  const start = cursor.offset;
  const base = takeSetAddress(cursor);
  takeAddress(cursor); // Free space of old ones; an extension of new ones.
  const end = takeSetAddress(cursor);
  skip(cursor, isOld ? 2 * cursor.file.addressBytes : 0); // Driver; where the root group's name is.
  const root = takeSetAddress(cursor);
  // A base of 0 in a file that stands after other data: those who put it there did not correct it.
  const moved = base === 0 ? start : 0;
  const [have, need] = [cursor.file.source.size, end + moved];
  return need > have
    ? { kind: "incomplete", have, need }
    : ok({ file: { ...cursor.file, base: base + moved }, root, isBeingWritten });
}
