import { tensorLabel } from "../shared/tensorLabel.ts";
import { argsOf, classNameOf, entriesOf, isObject, isRecord, itemsOf, textOf } from "./access.ts";
import type { PickleObject, PickleValue } from "./values.ts";

/** What a value is, in a few words: `a dict with epoch and lr`, or the name of its class. */
export function describeValue(value: PickleValue): string {
  if (!isRecord(value)) {
    return typeof value === "string" ? "a text" : `the value ${String(value)}`;
  }
  const names = entriesOf(value)?.map(([key]) => textOf(key) ?? "…");
  if (names !== undefined) {
    return names.length === 0 ? "an empty dict" : `a dict with ${someOf(names)}`;
  }
  const items = itemsOf(value);
  if (items !== undefined) {
    return `a list or tuple of ${items.length}`;
  }
  if (isObject(value)) {
    return describeObject(value);
  }
  return value.kind === "global" ? `the name ${tensorLabel(value.name)}` : `a value of kind ${value.kind}`;
}

/** Names in small letters are functions'. */
function describeObject(object: PickleObject): string {
  const name = tensorLabel(classNameOf(object));
  const given = argsOf(object).find((arg) => typeof arg === "string");
  const isCall = /^[a-z_]+$/.test(name.split(".").at(-1) ?? "");
  return isCall
    ? `a call of ${name}(${given === undefined ? "" : JSON.stringify(tensorLabel(given))}), which was not made`
    : name;
}

function someOf(names: readonly string[]): string {
  const some = names.slice(0, 5).map((name) => tensorLabel(name));
  return names.length > some.length ? `${some.join(", ")} and ${names.length - some.length} more` : some.join(", ");
}
