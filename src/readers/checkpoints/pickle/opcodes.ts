import { t } from "@vscode/l10n";
import {
  byteStringOperand,
  bytesOperand,
  DOTTED_NAME,
  ESCAPED_LINE,
  FLOAT64,
  FLOAT_LINE,
  INT32,
  INTEGER_LINE,
  LINE,
  LONG1,
  LONG4,
  NO_OPERAND,
  type Operand,
  type OperandReader,
  QUOTED_LINE,
  textOperand,
  UINT16,
  UINT32,
  UINT64,
  UINT8,
} from "./operands.ts";
import {
  charge,
  fail,
  get,
  ITEM_BYTES,
  type Machine,
  pop,
  popMarked,
  popSome,
  push,
  pushGlobal,
  pushList,
  pushObject,
  put,
  RECORD_BYTES,
  top,
} from "./machine.ts";
import { append, build, setItems } from "./content.ts";
import type { PicklePersistent, PickleValue } from "./values.ts";

export interface Opcode {
  readonly read: OperandReader;
  readonly run: (machine: Machine, operand: Operand) => void;
}

/** The opcodes of protocols 0 to 5 by their bytes. */
export const OPCODES: readonly (Opcode | undefined)[] = table([
  // Values.
  ["I", INTEGER_LINE, pushOperand],
  ["L", INTEGER_LINE, pushOperand],
  ["J", INT32, pushOperand],
  ["K", UINT8, pushOperand],
  ["M", UINT16, pushOperand],
  ["\x8a", LONG1, pushOperand],
  ["\x8b", LONG4, pushOperand],
  ["F", FLOAT_LINE, pushOperand],
  ["G", FLOAT64, pushOperand],
  ["S", QUOTED_LINE, pushOperand],
  ["V", ESCAPED_LINE, pushOperand],
  ["T", byteStringOperand(4), pushOperand],
  ["U", byteStringOperand(1), pushOperand],
  ["X", textOperand(4), pushText],
  ["\x8c", textOperand(1), pushText],
  ["\x8d", textOperand(8), pushText],
  ["B", bytesOperand(4), pushOperand],
  ["C", bytesOperand(1), pushOperand],
  ["\x8e", bytesOperand(8), pushOperand],
  ["\x96", bytesOperand(8), pushOperand],
  ["N", NO_OPERAND, (machine) => push(machine, null)],
  ["\x88", NO_OPERAND, (machine) => push(machine, true)],
  ["\x89", NO_OPERAND, (machine) => push(machine, false)],
  // Containers.
  ["]", NO_OPERAND, (machine) => pushList(machine, "list", [])],
  [")", NO_OPERAND, (machine) => pushList(machine, "tuple", [])],
  ["\x8f", NO_OPERAND, (machine) => pushList(machine, "set", [])],
  ["}", NO_OPERAND, (machine) => pushDict(machine, [])],
  ["l", NO_OPERAND, (machine) => pushList(machine, "list", popMarked(machine))],
  ["t", NO_OPERAND, (machine) => pushList(machine, "tuple", popMarked(machine))],
  ["\x91", NO_OPERAND, (machine) => pushList(machine, "set", popMarked(machine))],
  ["d", NO_OPERAND, (machine) => pushDict(machine, popMarked(machine))],
  ["\x85", NO_OPERAND, (machine) => pushTuple(machine, 1)],
  ["\x86", NO_OPERAND, (machine) => pushTuple(machine, 2)],
  ["\x87", NO_OPERAND, (machine) => pushTuple(machine, 3)],
  ["a", NO_OPERAND, (machine) => append(machine, [pop(machine)])],
  ["e", NO_OPERAND, (machine) => append(machine, popMarked(machine))],
  ["\x90", NO_OPERAND, (machine) => append(machine, popMarked(machine))],
  ["s", NO_OPERAND, (machine) => setItems(machine, popSome(machine, 2))],
  ["u", NO_OPERAND, (machine) => setItems(machine, popMarked(machine))],
  // The stack and the memo.
  ["(", NO_OPERAND, (machine) => void machine.marks.push(machine.stack.length)],
  ["0", NO_OPERAND, popOrUnmark],
  ["1", NO_OPERAND, popMarked],
  ["2", NO_OPERAND, (machine) => push(machine, top(machine))],
  ["p", INTEGER_LINE, putOperand],
  ["q", UINT8, putOperand],
  ["r", UINT32, putOperand],
  ["\x94", NO_OPERAND, (machine) => put(machine, machine.memoLength)],
  ["g", INTEGER_LINE, getOperand],
  ["h", UINT8, getOperand],
  ["j", UINT32, getOperand],
  // Names and calls, none of which is made.
  ["c", DOTTED_NAME, (machine, operand) => pushGlobal(machine, textOf(operand))],
  ["\x93", NO_OPERAND, stackGlobal],
  ["R", NO_OPERAND, call],
  ["\x81", NO_OPERAND, call],
  ["\x92", NO_OPERAND, callWithKeywords],
  ["o", NO_OPERAND, callMarked],
  ["i", DOTTED_NAME, callNamed],
  ["b", NO_OPERAND, build],
  ["P", LINE, pushPersistent],
  ["Q", NO_OPERAND, (machine) => pushPersistent(machine, pop(machine))],
  // The pickle itself.
  ["\x80", UINT8, checkProtocol],
  ["\x95", UINT64, () => undefined],
  [".", NO_OPERAND, (machine) => void (machine.result = { value: pop(machine) })],
  // What only the program that wrote it can resolve.
  ["\x82", UINT8, refuse(() => t("a class by a number of its writer's own"))],
  ["\x83", UINT16, refuse(() => t("a class by a number of its writer's own"))],
  ["\x84", INT32, refuse(() => t("a class by a number of its writer's own"))],
  ["\x97", NO_OPERAND, refuse(() => t("data that its writer handed over beside it"))],
  ["\x98", NO_OPERAND, () => undefined],
]);

function table(rows: readonly (readonly [string, OperandReader, Opcode["run"]])[]): (Opcode | undefined)[] {
  const opcodes: (Opcode | undefined)[] = Array.from({ length: 256 });
  for (const [letter, read, run] of rows) {
    opcodes[letter.charCodeAt(0)] = { read, run };
  }
  return opcodes;
}

function pushOperand(machine: Machine, operand: Operand): void {
  charge(machine, sizeOf(operand));
  push(machine, operand ?? null);
}

function sizeOf(operand: Operand): number {
  if (typeof operand === "string") {
    return RECORD_BYTES / 2 + operand.length;
  }
  const isBytes = typeof operand === "object" && operand?.kind === "bytes";
  return isBytes ? RECORD_BYTES + (operand.bytes?.length ?? 0) : ITEM_BYTES;
}

/** numpy's bytes of protocol 2 are text to be encoded: its place in the file is what matters. */
function pushText(machine: Machine, operand: Operand): void {
  const below = machine.stack.at(-1);
  const isEncoded = typeof below === "object" && below?.kind === "global" && below.name === "_codecs.encode";
  if (isEncoded && typeof operand === "string") {
    const byteLength = Buffer.byteLength(operand);
    const offset = machine.input.start + machine.input.at - byteLength;
    charge(machine, RECORD_BYTES);
    pushOperand(machine, { kind: "text", offset, byteLength, text: operand });
  } else {
    pushOperand(machine, operand);
  }
}

function pushDict(machine: Machine, pairs: readonly PickleValue[]): void {
  charge(machine, RECORD_BYTES);
  push(machine, { kind: "dict" });
  setItems(machine, pairs);
}

function pushTuple(machine: Machine, length: number): void {
  pushList(machine, "tuple", popSome(machine, length));
}

function popOrUnmark(machine: Machine): void {
  if (machine.marks.at(-1) === machine.stack.length && machine.marks.length > 0) {
    machine.marks.pop();
  } else {
    pop(machine);
  }
}

function putOperand(machine: Machine, operand: Operand): void {
  put(machine, typeof operand === "number" ? operand : -1);
}

function getOperand(machine: Machine, operand: Operand): void {
  get(machine, typeof operand === "number" ? operand : -1);
}

function textOf(operand: Operand): string {
  return typeof operand === "string" ? operand : "";
}

function stackGlobal(machine: Machine): void {
  const [name, module] = [pop(machine), pop(machine)];
  if (typeof name === "string" && typeof module === "string") {
    pushGlobal(machine, `${module}.${name}`);
  } else {
    fail(machine, t("The pickle names a class by something that is no text."));
  }
}

function call(machine: Machine): void {
  const [args, callable] = [pop(machine), pop(machine)];
  pushObject(machine, { kind: "object", callable, args });
}

function callWithKeywords(machine: Machine): void {
  const [keywords, args, callable] = [pop(machine), pop(machine), pop(machine)];
  pushObject(machine, { kind: "object", callable, args, keywords });
}

function callMarked(machine: Machine): void {
  const [callable, ...items] = popMarked(machine);
  if (callable === undefined) {
    fail(machine, t("The pickle makes an object of no class."));
  }
  pushObject(machine, { kind: "object", callable: callable ?? null, args: { kind: "tuple", items } });
}

function callNamed(machine: Machine, operand: Operand): void {
  const items = popMarked(machine);
  pushGlobal(machine, textOf(operand));
  const callable = pop(machine);
  pushObject(machine, { kind: "object", callable, args: { kind: "tuple", items } });
}

function pushPersistent(machine: Machine, operand: Operand): void {
  charge(machine, RECORD_BYTES + ITEM_BYTES);
  const own: PicklePersistent = { kind: "persistent", id: operand ?? null };
  const record = machine.options.fold?.persistent(own) ?? own;
  machine.persistent.push(record);
  push(machine, record);
}

const LAST_PROTOCOL = 5;

function checkProtocol(machine: Machine, operand: Operand): void {
  if (typeof operand === "number" && operand > LAST_PROTOCOL) {
    fail(
      machine,
      t("This is a pickle of protocol {0}; Gradlens reads protocols 0 to {1}.", operand, LAST_PROTOCOL),
      "unsupported",
    );
  }
}

function refuse(what: () => string): Opcode["run"] {
  return (machine) =>
    fail(machine, t("The pickle refers to {0}, which cannot be read from the file.", what()), "unsupported");
}
