import type { ByteSource } from "#core/byteSource.ts";
import { malformed, ok, type Outcome, unsupported } from "#core/outcome.ts";
import { t } from "@vscode/l10n";

import { createInput, fillInput, positionOf } from "./input.ts";
import { createMachine, type Machine, type PickleFold } from "./machine.ts";
import { OPCODES } from "./opcodes.ts";
import { readRemembered } from "./remembered.ts";
import type { PicklePersistent, PickleValue } from "./values.ts";

/**
 * Reads one pickle of protocol 0 to 5 as inert records (`values.ts`): what a call would have made is the record of the call,
 * and nothing is ever called. Ask the records with `access.ts` (`entriesOf`, `itemsOf`, `classNameOf`, …), which see dicts,
 * OrderedDicts and their like as one; long bytes and texts stay in the file, and their ranges are in the records.
 */
export async function readPickle(
  source: ByteSource,
  offset = 0,
  { fold, mostMemory = MAX_MEMORY_BYTES }: ReadPickleOptions = {},
): Promise<Outcome<ReadPickle>> {
  const remembered = await readRemembered(source, offset, MAX_OPCODES);
  const machine = createMachine(createInput(source, offset), { remembered, fold });
  while (machine.result === undefined && machine.failure === undefined) {
    const need = runWhatIsThere(machine, mostMemory);
    if (need !== undefined) {
      const start = positionOf(machine.input);
      if (start + need > source.size) {
        return { kind: "incomplete", have: source.size, need: start + need };
      }
      await fillInput(machine.input, need);
    }
  }
  const { failure, result, persistent } = machine;
  if (failure !== undefined || result === undefined) {
    const { kind, offset: at, what } = failure ?? { kind: "malformed", offset, what: t("The pickle has no end.") };
    return kind === "malformed" ? malformed(at, what) : unsupported(what);
  }
  return ok({ value: result.value, end: positionOf(machine.input), persistent });
}

export interface ReadPickleOptions {
  readonly fold?: PickleFold;
  /** Bytes that its records may take, roughly. */
  readonly mostMemory?: number;
}

export interface ReadPickle {
  readonly value: PickleValue;
  /** Of the byte after it, from the start of the source: another pickle or data may follow. */
  readonly end: number;
  /** All that it says lies outside it, in its order. */
  readonly persistent: readonly PicklePersistent[];
}

// A file of many more opcodes is not a checkpoint's.
const MAX_OPCODES = 50_000_000;
// Records of half a million tensors; the worker's heap holds a few times as much.
const MAX_MEMORY_BYTES = 600_000_000;
const MAX_STACK = 10_000_000;

/** Runs opcodes until the pickle ends, fails, or needs so many bytes that are not in the window. */
function runWhatIsThere(machine: Machine, mostMemory: number): number | undefined {
  const { input } = machine;
  while (machine.failure === undefined && machine.result === undefined) {
    const code = input.bytes[input.at];
    if (code === undefined) {
      return 1;
    }
    const opcode = OPCODES[code];
    if (opcode === undefined) {
      return failHere(machine, t("Byte {0} is no opcode of a pickle.", code));
    }
    const read = opcode.read(input);
    if ("need" in read) {
      return read.need;
    }
    if ("bad" in read) {
      return failHere(machine, t("The pickle holds {0}.", read.bad));
    }
    opcode.run(machine, read.operand);
    machine.opcodes += 1;
    if (isTooLarge(machine, mostMemory)) {
      return failHere(machine, t("The pickle is larger than any checkpoint's: Gradlens stopped reading it."));
    }
  }
  return undefined;
}

function isTooLarge({ opcodes, memory, stack, marks }: Machine, mostMemory: number): boolean {
  return opcodes > MAX_OPCODES || memory > mostMemory || stack.length > MAX_STACK || marks.length > MAX_STACK;
}

function failHere(machine: Machine, what: string): undefined {
  machine.failure ??= { kind: "malformed", offset: positionOf(machine.input), what };
}
