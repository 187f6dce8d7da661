import { listNames } from "#l10n/lists.ts";
import { t } from "@vscode/l10n";
import { tensorLabel } from "../shared/tensorLabel.ts";
import { argsOf, classNameOf, entriesOf, isObject, isRecord, itemsOf, textOf } from "./access.ts";
import type { PickleObject, PickleValue } from "./values.ts";

/** What a value is, in a few words: `a dict with epoch and lr`, or the name of its class. */
export function describeValue(value: PickleValue): string {
  if (!isRecord(value)) {
    return typeof value === "string" ? t("a text") : t("the value {0}", String(value));
  }
  const names = entriesOf(value)?.map(([key]) => textOf(key) ?? "…");
  if (names !== undefined) {
    return names.length === 0 ? t("an empty dict") : t("a dict with {0}", someOf(names));
  }
  const items = itemsOf(value);
  if (items !== undefined) {
    return t("a list or tuple of {0}", items.length);
  }
  if (isObject(value)) {
    return describeObject(value);
  }
  return value.kind === "global" ? t("the name {0}", tensorLabel(value.name)) : t("a value of kind {0}", value.kind);
}

/** Names in small letters are functions'. */
function describeObject(object: PickleObject): string {
  const name = tensorLabel(classNameOf(object));
  const given = argsOf(object).find((arg) => typeof arg === "string");
  const isCall = /^[a-z_]+$/.test(name.split(".").at(-1) ?? "");
  return isCall
    ? t("a call of {0}({1}), which was not made", name, given === undefined ? "" : JSON.stringify(tensorLabel(given)))
    : name;
}

function someOf(names: readonly string[]): string {
  return listNames(names.map((name) => tensorLabel(name)));
}
