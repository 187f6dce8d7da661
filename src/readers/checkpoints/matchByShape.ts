import type { Naming, State, Weight } from "./parameterNames.ts";

/**
 * Names where the model's order is lost: states and weights of a shape that is theirs alone, and those of layers that
 * differ in nothing but their number, for these are numbered in their order. What remains could be one or another.
 */
export function matchByShape(states: readonly State[], weights: readonly Weight[]): Naming {
  const names = new Map<number, string>();
  const weightsByShape = groupBy(weights, ({ shape }) => shape.join("×"));
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
    return `The ${states} states have numbers, and there are no weights beside them to name them by.`;
  }
  const rest = states - named;
  const doubt = rest === 0 ? "" : ` ${rest} could be one or another of the same shape, and keep their numbers.`;
  return `The order of the model's weights is not known here; ${named} of ${states} states are named by shape.${doubt}`;
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
