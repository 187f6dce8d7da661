import { t } from "@vscode/l10n";
import { charge, fail, ITEM_BYTES, type Machine, pop, top } from "./machine.ts";
import type { PickleValue } from "./values.ts";

/** To the list, set or object on the stack. */
export function append(machine: Machine, items: readonly PickleValue[]): void {
  const target = top(machine);
  charge(machine, ITEM_BYTES * items.length);
  const list = itemsOf(target);
  if (list === undefined) {
    fail(machine, t("The pickle appends to something that is no list."));
    return;
  }
  for (const item of items) {
    list.push(item);
  }
}

function itemsOf(target: PickleValue): PickleValue[] | undefined {
  if (typeof target !== "object" || target === null) {
    return undefined;
  }
  if (target.kind === "object") {
    target.items ??= [];
    return target.items;
  }
  return target.kind === "list" || target.kind === "set" ? target.items : undefined;
}

/** Keys and values by turns, into the dict or object on the stack. */
export function setItems(machine: Machine, pairs: readonly PickleValue[]): void {
  const target = top(machine);
  charge(machine, ITEM_BYTES * pairs.length);
  if (pairs.length % 2 !== 0 || typeof target !== "object" || (target?.kind !== "dict" && target?.kind !== "object")) {
    fail(machine, t("The pickle sets items of something that is no dict, or a key without a value."));
    return;
  }
  const keys = (target.keys ??= []);
  const values = (target.values ??= []);
  for (let index = 0; index < pairs.length; index += 2) {
    keys.push(pairs[index] ?? null);
    values.push(pairs[index + 1] ?? null);
  }
}

/** A state for an object. Other values have none, and what would be done with it is not known. */
export function build(machine: Machine): void {
  const state = pop(machine);
  const target = top(machine);
  if (typeof target === "object" && target?.kind === "object") {
    target.state = state;
  }
}
