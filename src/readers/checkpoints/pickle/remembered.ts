import type { ByteSource } from "#core/byteSource.ts";

import { createInput, fillInput, positionOf } from "./input.ts";
import { OPCODES } from "./opcodes.ts";

/**
 * The numbers under which a pickle asks for values it has seen before. Writers number all they write and ask for a few: what
 * is not asked for need not be remembered. Undefined for a pickle too short for that to matter; of a broken one those before
 * the fault.
 */
export async function readRemembered(
  source: ByteSource,
  offset: number,
  mostOpcodes: number,
): Promise<ReadonlySet<number> | undefined> {
  if (source.size - offset < WORTHWHILE_BYTES) {
    return undefined;
  }
  const input = createInput(source, offset);
  const asked = new Set<number>();
  for (let opcodes = 0; opcodes < mostOpcodes;) {
    const code = input.bytes[input.at];
    const read = code === undefined ? { need: 1 } : OPCODES[code]?.read(input);
    if (read !== undefined && "need" in read) {
      if (positionOf(input) + read.need > source.size) {
        return asked;
      }
      await fillInput(input, read.need);
      continue;
    }
    if (read === undefined || "bad" in read || code === STOP) {
      return asked;
    }
    opcodes += 1;
    if ((code === BINGET || code === LONG_BINGET || code === GET) && typeof read.operand === "number") {
      asked.add(read.operand);
    }
  }
  return asked;
}

// Records of as many bytes take little.
const WORTHWHILE_BYTES = 256 * 1024;

const [BINGET, LONG_BINGET, GET, STOP] = Buffer.from("hjg.");
