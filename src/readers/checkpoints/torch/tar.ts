import type { ByteSource } from "#core/byteSource.ts";
import { malformed, ok, type Outcome } from "#core/outcome.ts";
import { t } from "@vscode/l10n";

import { tensorLabel } from "../shared/tensorLabel.ts";

export interface TarMember {
  readonly name: string;
  readonly offset: number;
  readonly size: number;
}

const BLOCK_BYTES = 512;
// A checkpoint has four.
const MAX_MEMBERS = 64;

/** The name in a tar header at the start of these bytes. */
export function tarNameOf(head: Uint8Array): string {
  return textIn(head, 0, 100);
}

/** The files of a tar archive up to its end. */
export async function readTar(source: ByteSource): Promise<Outcome<readonly TarMember[]>> {
  const members: TarMember[] = [];
  for (let at = 0; at < source.size;) {
    if (at + BLOCK_BYTES > source.size) {
      return { kind: "incomplete", have: source.size, need: at + BLOCK_BYTES };
    }
    const header = await source.read(at, BLOCK_BYTES);
    const name = tarNameOf(header);
    if (name === "") {
      return ok(members);
    }
    const digits = textIn(header, 124, 12).trim();
    const size = /^[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : undefined;
    if (size === undefined || !hasChecksum(header) || members.length === MAX_MEMBERS) {
      return malformed(
        at,
        t("{0}: this is no header of a tar archive with up to {1} files.", tensorLabel(name), MAX_MEMBERS),
      );
    }
    const offset = at + BLOCK_BYTES;
    if (offset + size > source.size) {
      return { kind: "incomplete", have: source.size, need: offset + size };
    }
    members.push({ name, offset, size });
    at = offset + Math.ceil(size / BLOCK_BYTES) * BLOCK_BYTES;
  }
  return ok(members);
}

function textIn(bytes: Uint8Array, start: number, length: number): string {
  const text = new TextDecoder("latin1").decode(bytes.subarray(start, start + length));
  return text.split("\0", 1)[0] ?? "";
}

/** The sum of a header's bytes, with blanks in place of the sum itself. */
function hasChecksum(header: Uint8Array): boolean {
  const sum = header.reduce((total, byte, at) => total + (at >= 148 && at < 156 ? 0x20 : byte), 0);
  return sum === Number.parseInt(textIn(header, 148, 8).trim(), 8);
}
