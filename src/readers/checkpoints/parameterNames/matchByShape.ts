import { t } from "@vscode/l10n";
import type { Weight } from "./modelWeights.ts";
import type { Naming, State } from "./naming.ts";

/**
 * Names where the model's order is lost: states and weights of a shape that is theirs alone, and those of layers that
 * differ in nothing but their number, for these are numbered in their order. What remains could be one or another.
 */
export function matchByShape(states: readonly State[], weights: readonly Weight[]): Naming {
  const names = new Map<number, string>();
  const distinct = [...new Map(weights.map((weight) => [`${weight.name} ${weight.shape.join("×")}`, weight])).values()];
  const weightsByShape = groupBy(distinct, ({ shape }) => shape.join("×"));
  const statesByShape = groupBy(
    states.filter(({ shape }) => shape !== null),
    ({ shape }) => shape?.join("×") ?? "",
  );
  for (const [shape, alike] of statesByShape) {
    const candidates = (weightsByShape.get(shape) ?? []).toSorted(byNumbers);
    const areLayers = new Set(candidates.map(({ name }) => name.replaceAll(/\d+/g, "#"))).size === 1;
    const areOfOneGroup = new Set(alike.map(({ group }) => group)).size === 1;
    if (candidates.length === alike.length && areLayers && areOfOneGroup) {
      alike
        .toSorted((a, b) => a.id - b.id)
        .forEach(({ id }, at) => {
          const name = candidates[at]?.name;
          return name === undefined ? names : names.set(id, name);
        });
    }
  }
  return { names, rule: ruleOf(names.size, states.length, weights.length) };
}

function ruleOf(named: number, states: number, weights: number): string {
  if (weights === 0) {
    return t("The optimizer's states have numbers, and there are no weights beside them to name them by.");
  }
  const rest = states - named;
  const rule = t(
    "{0} of {1} states are named by their shapes, for the order of the optimizer's parameters is not certain.",
    named,
    states,
  );
  return rest === 0 ? rule : `${rule} ${describeRest(rest)}`;
}

function describeRest(count: number): string {
  return count === 1
    ? t("1 keeps its number: nothing tells whose it is.")
    : t("{0} keep their numbers: nothing tells whose they are.", count);
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key) ?? [];
    group.push(item);
    groups.set(key, group);
  }
  return groups;
}

/** `h.2` before `h.10`. */
function byNumbers(a: Weight, b: Weight): number {
  return a.name.localeCompare(b.name, "en", { numeric: true });
}
