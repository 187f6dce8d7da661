import type { OptimizerDescription, OptimizerGroup } from "#core/checkpoint.ts";

import { entriesOf, isRecord, itemsOf, textOf, valueAt } from "../pickle/access.ts";
import type { PickleValue } from "../pickle/values.ts";

/** What a dict of torch's `{state, param_groups}` says in numbers; undefined for other dicts. */
export function optimizerStateOf(dict: PickleValue, path: string): OptimizerDescription | undefined {
  const state = entriesOf(valueAt(dict, "state"));
  const groups = itemsOf(valueAt(dict, "param_groups"));
  if (state === undefined || groups === undefined) {
    return undefined;
  }
  const steps = state.flatMap(([key, values]) => {
    const step = valueAt(values, "step");
    return typeof step === "number" ? [[keyText(key), step] as const] : [];
  });
  return { groups: groups.map((group) => groupOf(group, path)), steps: new Map(steps) };
}

function keyText(key: PickleValue): string {
  return textOf(key) ?? (isRecord(key) ? key.kind : String(key));
}

function groupOf(group: PickleValue, path: string): OptimizerGroup {
  const numbers = (entriesOf(group) ?? []).flatMap(([key, value]) => numbersIn(keyText(key), value));
  const parameters = itemsOf(valueAt(group, "param_names")) ?? itemsOf(valueAt(group, "params")) ?? [];
  return {
    ...(path === "" ? {} : { path }),
    numbers: Object.fromEntries(numbers),
    parameters: parameters.map(keyText),
  };
}

const PARAMETERS: ReadonlySet<string> = new Set(["params", "param_names"]);

/** `lr`, and `betas.0` and `betas.1` of a pair. */
export function numbersIn(name: string, value: PickleValue): (readonly [string, number])[] {
  if (typeof value === "number") {
    return [[name, value]];
  }
  return PARAMETERS.has(name)
    ? []
    : (itemsOf(value) ?? []).flatMap((item, index) =>
        typeof item === "number" ? [[`${name}.${index}`, item] as const] : [],
      );
}

/** Of several optimizers the groups in their order. A parameter's steps are named as its state is: with its optimizer's path. */
export function joinOptimizers(
  all: readonly { readonly path: string; readonly optimizer: OptimizerDescription }[],
): OptimizerDescription | undefined {
  const steps = all.flatMap(({ path, optimizer }) =>
    Array.from(optimizer.steps, ([name, step]) => [all.length > 1 ? `${path}/state/${name}` : name, step] as const),
  );
  return all.length === 0
    ? undefined
    : { groups: all.flatMap(({ optimizer }) => optimizer.groups), steps: new Map(steps) };
}
