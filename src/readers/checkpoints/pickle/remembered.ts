import type { ByteSource } from "#core/byteSource.ts";

import { createInput, fillInput, type PickleInput, positionOf } from "./input.ts";
import { OPCODES } from "./opcodes.ts";
import type { NeedMore } from "./operands.ts";

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
    const step = readStep(input);
    if (typeof step === "object") {
      if (positionOf(input) + step.need > source.size) {
        return asked;
      }
      await fillInput(input, step.need);
    } else if (step === "end") {
      return asked;
    } else {
      opcodes += 1;
      if (step >= 0) {
        asked.add(step);
      }
    }
  }
  return asked;
}

/** The number an opcode asks for, or -1 for other opcodes; what is needed to read it; or that there are no more. */
function readStep(input: PickleInput): number | NeedMore | "end" {
  const code = input.bytes[input.at];
  if (code === undefined) {
    return { need: 1 };
  }
  const read = OPCODES[code]?.read(input) ?? { bad: "" };
  if ("need" in read) {
    return read;
  }
  if ("bad" in read || code === STOP) {
    return "end";
  }
  return ASKING.has(code) && typeof read.operand === "number" ? read.operand : -1;
}

// Records of as many bytes take little.
const WORTHWHILE_BYTES = 256 * 1024;

/** BINGET, LONG_BINGET and GET. */
const ASKING: ReadonlySet<number> = new Set(Buffer.from("hjg"));
const STOP = 0x2e;
