import { expect, test } from "vitest";
import { measureModules } from "#host/views/moduleMeasures.ts";
import type { MeasuredRun } from "#host/views/moduleMeasures.ts";
import { moduleTree } from "#host/views/moduleTree.ts";
import type { ModuleNode } from "#host/views/moduleTree.ts";
import { sortModules } from "#host/views/tensorSort.ts";
import type { TensorSort } from "#host/views/tensorSort.ts";
import { createRun } from "#store/run.ts";
import { GLOBAL, batch, chunk, tensorKey } from "../../support/logs.ts";

const { NaN: nan } = Number;
const LOG = { path: "/run/metrics.jsonl", format: "jsonl" } as const;

/** Step n is the n-th value. */
function runOf(table: Readonly<Record<string, readonly number[]>>): MeasuredRun {
  const run = createRun("/run");
  const chunks = Object.entries(table).map(([name, values]) =>
    chunk(
      tensorKey(name),
      values.map((_, index) => index + 1),
      values,
    ),
  );
  run.append(LOG, batch([chunk(GLOBAL, [1], [1]), ...chunks]));
  return run;
}

function outline(nodes: readonly ModuleNode[]): unknown {
  return nodes.map(({ label, children }) => (children.length === 0 ? label : { [label]: outline(children) }));
}

test.each([
  {
    names: "blocks by their number, the stem first and the head last",
    tensors: ["lm_head.weight", "h.10.b", "h.2.b", "h.2.a.w", "h.2.a.v", "wte.weight"],
    tree: ["wte.weight", { h: [{ "2": ["b", { a: ["w", "v"] }] }, "10.b"] }, "lm_head.weight"],
  },
  {
    names: "the same tensor in and out of wrappers side by side",
    tensors: ["module.fc.weight", "fc.weight"],
    tree: [{ fc: ["weight", "weight"] }],
  },
  {
    names: "a module that has a norm of its own beside its tensors",
    tensors: ["mlp", "mlp.w"],
    tree: ["mlp", "mlp.w"],
  },
  { names: "Flax' slashes as dots", tensors: ["params/a/kernel", "params/a/bias"], tree: [{ a: ["kernel", "bias"] }] },
  { names: "nothing as nothing", tensors: [], tree: [] },
])("a tree shows $names", ({ tensors, tree }) => {
  expect(outline(moduleTree(tensors))).toEqual(tree);
});

test("ids are different for all nodes", () => {
  const ids: string[] = [];
  const collect = (nodes: readonly ModuleNode[]): void =>
    nodes.forEach(({ id, children }) => {
      ids.push(id);
      collect(children);
    });
  collect(moduleTree(["module.a.b", "a.b", "a", "a.c.d", "a.c.e", "x"]));
  expect(new Set(ids).size).toBe(ids.length);
});

function facts(table: Readonly<Record<string, readonly number[]>>): Record<string, readonly unknown[]> {
  const run = runOf(table);
  const { measures } = measureModules(moduleTree(Object.keys(table)), run, []);
  return Object.fromEntries(
    Array.from(measures, ([{ label }, { norm, share, change, measured, tensors }]) => [
      label,
      [norm, share, change, `${measured} of ${tensors}`],
    ]),
  );
}

test("a module's norm is the root of the sum of squares of its tensors, and its change is that norm's", () => {
  expect(facts({ "m.a": [3, 3, 6], "m.b": [4, 4, 8], "n.c": [0, 0, 0] })).toEqual({
    m: [10, 1, 2, "2 of 2"],
    a: [6, 0.36, 2, "1 of 1"],
    b: [8, 0.64, 2, "1 of 1"],
    "n.c": [0, 0, null, "1 of 1"],
  });
});

test("NaN, zero and not measured stay three things", () => {
  expect(facts({ "m.a": [1, nan], "m.b": [1, 1], "n.c": [1], "n.d": [1, 0] })).toEqual({
    m: [nan, null, null, "2 of 2"],
    a: [nan, null, null, "1 of 1"],
    b: [1, null, 1, "1 of 1"],
    n: [0, null, 0, "1 of 2"],
    c: [undefined, null, null, "0 of 1"],
    d: [0, null, 0, "1 of 1"],
  });
});

test("a norm whose square is too large for a number is that norm", () => {
  expect(facts({ a: [1, 1e200], b: [1, 1] })["a"]).toEqual([1e200, null, 1e200, "1 of 1"]);
});

test.each<{ sort: TensorSort; order: string }>([
  { sort: "model", order: "steady nan fell rose none" },
  { sort: "norm", order: "nan steady rose fell none" },
  { sort: "change", order: "nan fell rose steady none" },
])("sorted by $sort tensors stand as $order", ({ sort, order }) => {
  const table = { steady: [5, 5], nan: [1, nan], fell: [1, 0.1], rose: [1, 2], none: [1] };
  const nodes = moduleTree(Object.keys(table));
  const { measures } = measureModules(nodes, runOf(table), []);
  expect(sortModules(nodes, sort, measures).map(({ label }) => label)).toEqual(order.split(" "));
});

test("10,000 tensors are a tree with norms within seconds, also on a busy machine", () => {
  const names = Array.from(
    { length: 10_000 },
    (_, n) => `model.layers.${Math.floor(n / 100)}.part${n % 10}.w${n % 100}`,
  );
  const run = runOf(Object.fromEntries(names.map((name) => [name, Array.from({ length: 20 }, () => 1)])));
  const startMs = performance.now();
  const roots = moduleTree(names);
  const { measures } = measureModules(roots, run, []);
  const tookMs = performance.now() - startMs;
  expect(roots.map((node) => measures.get(node)?.norm)).toEqual([100]);
  expect(tookMs).toBeLessThan(5000);
});
