import { t } from "@vscode/l10n";
import { type PickleInput, positionOf } from "./input.ts";
import type { PickleGlobal, PickleObject, PicklePersistent, PickleValue } from "./values.ts";

/** What reading a pickle may leave out. */
export interface MachineOptions {
  /** Numbers of the memo that are asked for; missing: any may be. */
  readonly remembered?: ReadonlySet<number> | undefined;
  readonly fold?: PickleFold | undefined;
}

/** Gives for a record one that takes less memory and says as much to whoever asked for it to be read so. */
export interface PickleFold {
  readonly object: (object: PickleObject) => PickleObject;
  readonly persistent: (record: PicklePersistent) => PicklePersistent;
}

/** A pickle's stack and memo. After a failure nothing more is done. */
export interface Machine {
  readonly input: PickleInput;
  readonly options: MachineOptions;
  readonly stack: PickleValue[];
  /** Heights of the stack at its marks. */
  readonly marks: number[];
  /** Only of values that will be asked for, where that is known. */
  readonly memo: Map<number, PickleValue>;
  /** One more than the highest number that a value was remembered as. */
  memoLength: number;
  /** One record for each name. */
  readonly globals: Map<string, PickleGlobal>;
  readonly persistent: PicklePersistent[];
  /** Bytes of memory that the records take, roughly. */
  memory: number;
  opcodes: number;
  failure: MachineFailure | undefined;
  /** Set by STOP. */
  result: { readonly value: PickleValue } | undefined;
}

export interface MachineFailure {
  readonly kind: "malformed" | "unsupported";
  readonly offset: number;
  readonly what: string;
}

export function createMachine(input: PickleInput, options: MachineOptions): Machine {
  return {
    input,
    options,
    stack: [],
    marks: [],
    memo: new Map(),
    memoLength: 0,
    globals: new Map(),
    persistent: [],
    memory: 0,
    opcodes: 0,
    failure: undefined,
    result: undefined,
  };
}

/** Keeps the first failure only. */
export function fail(machine: Machine, what: string, kind: MachineFailure["kind"] = "malformed"): void {
  machine.failure ??= { kind, offset: positionOf(machine.input), what };
}

export function push(machine: Machine, value: PickleValue): void {
  machine.stack.push(value);
}

/** What is there above the last mark, or null after a failure. */
export function pop(machine: Machine): PickleValue {
  if (machine.stack.length <= (machine.marks.at(-1) ?? 0)) {
    fail(machine, t("The pickle takes more from its stack than it put there."));
    return null;
  }
  return machine.stack.pop() ?? null;
}

export function top(machine: Machine): PickleValue {
  if (machine.stack.length <= (machine.marks.at(-1) ?? 0)) {
    fail(machine, t("The pickle uses a value that is not on its stack."));
    return null;
  }
  return machine.stack.at(-1) ?? null;
}

/** The last values, in the order in which they were pushed. */
export function popSome(machine: Machine, count: number): PickleValue[] {
  const height = machine.stack.length - count;
  if (height < (machine.marks.at(-1) ?? 0)) {
    fail(machine, t("The pickle takes more from its stack than it put there."));
    return [];
  }
  return machine.stack.splice(height);
}

/** All above the last mark, which is taken away. */
export function popMarked(machine: Machine): PickleValue[] {
  const height = machine.marks.pop();
  if (height === undefined) {
    fail(machine, t("The pickle looks for a mark that it did not set."));
    return [];
  }
  return machine.stack.splice(height);
}

export function put(machine: Machine, index: number): void {
  const value = top(machine);
  if (!(index >= 0 && index <= machine.memoLength + MAX_MEMO_GAP)) {
    fail(machine, t("The pickle remembers a value as number {0}, after {1} others.", index, machine.memoLength));
    return;
  }
  machine.memoLength = Math.max(machine.memoLength, index + 1);
  if (machine.options.remembered?.has(index) !== false) {
    machine.memo.set(index, value);
  }
}

// Pickles count from 0 or 1 on; optimised ones leave some out.
const MAX_MEMO_GAP = 65_536;

export function get(machine: Machine, index: number): void {
  const value = machine.memo.get(index);
  if (value === undefined) {
    fail(machine, t("The pickle asks for remembered value {0}, which it did not set.", index));
    return;
  }
  push(machine, value);
}

export function pushGlobal(machine: Machine, name: string): void {
  const known = machine.globals.get(name);
  const value: PickleGlobal = known ?? { kind: "global", name };
  if (known === undefined) {
    machine.globals.set(name, value);
    charge(machine, RECORD_BYTES + name.length);
  }
  push(machine, value);
}

export function pushObject(machine: Machine, object: PickleObject): void {
  charge(machine, RECORD_BYTES);
  push(machine, machine.options.fold?.object(object) ?? object);
}

export function pushList(machine: Machine, kind: "tuple" | "list" | "set", items: PickleValue[]): void {
  charge(machine, RECORD_BYTES + ITEM_BYTES * items.length);
  push(machine, { kind, items });
}

/** Counts what a record takes. */
export function charge(machine: Machine, bytes: number): void {
  machine.memory += bytes;
}

export const RECORD_BYTES = 100;
export const ITEM_BYTES = 8;
