import { expect, test } from "vitest";
import type { TensorDescription, TensorKind, TensorNorms } from "#core/tensor.ts";
import { createCheckpointRows } from "#media/checkpoint/rows.ts";
import type { CheckpointRow } from "#media/checkpoint/rows.ts";
import { createOrder } from "#media/checkpoint/tensors/columnOrder.ts";
import { sumGroups } from "#media/checkpoint/tensors/groupSums.ts";
import { createOpenGroups } from "#media/checkpoint/tensors/openGroups.ts";
import { createTensorTree } from "#media/checkpoint/tensors/tensorTree.ts";
import { flatLines, treeLines } from "#media/checkpoint/tensors/treeLines.ts";
import type { Lines, TreeLine } from "#media/checkpoint/tensors/treeLines.ts";

interface Given {
  readonly name: string;
  readonly kind?: TensorKind;
  readonly parameter?: string;
  /** Undefined for one that is not measured yet, null for one that is not read. */
  readonly l2?: number | null | undefined;
}

function rowsOf(...given: readonly Given[]): readonly CheckpointRow[] {
  const entries = given.map(({ name, kind = "weight", parameter }): TensorDescription => ({
    name,
    kind,
    dtype: "F32",
    shape: [2],
    elements: 2,
    file: "model.safetensors",
    ...(parameter === undefined ? {} : { parameter }),
  }));
  const rows = createCheckpointRows(entries, "weight");
  for (const [at, { l2 }] of given.entries()) {
    const entry = entries[at];
    if (entry !== undefined && l2 === null) {
      rows.addReasons([{ ...entry, why: "damaged" }]);
    } else if (entry !== undefined && l2 !== undefined && l2 !== null) {
      rows.addNorms([normsOf(entry, l2)]);
    }
  }
  return rows.all();
}

function normsOf(entry: TensorDescription, l2: number): TensorNorms {
  const counts = { nan: Number(Number.isNaN(l2)), posInf: 0, negInf: 0, firstNonFinite: null };
  return { ...entry, ...counts, l2, linf: l2, rms: l2, l1: null, mean: null, zeros: null, histogram: null };
}

const ALL = { keeps: () => true, isOpen: () => true, order: <T>(nodes: readonly T[]) => nodes };

function shown({ count, at }: Lines): readonly TreeLine[] {
  return Array.from({ length: count }, (_, place) => at(place)).filter((line) => line !== undefined);
}

/** The lines as indented text. */
function drawn(rows: readonly CheckpointRow[]): readonly string[] {
  return shown(treeLines(createTensorTree(rows), ALL)).map(
    ({ level, node }) => `${"- ".repeat(level - 1)}${node.label}`,
  );
}

test("stem, blocks, final norm and head stand in the order of the model, whatever the order of the file", () => {
  const names = ["lm_head.weight", "model.norm.weight", "model.layers.1.w", "model.layers.0.w", "model.embed_tokens.w"];
  expect(drawn(rowsOf(...names.map((name) => ({ name }))))).toEqual([
    "model",
    "- embed_tokens.w",
    "- layers",
    "- - 0.w",
    "- - 1.w",
    "- norm.weight",
    "lm_head.weight",
  ]);
});

test("tensors lie in their modules, blocks in the order of their numbers, and a module with one part is one line", () => {
  const rows = rowsOf(
    { name: "h.10.attn.weight" },
    { name: "h.10.attn.bias" },
    { name: "h.2.attn.weight" },
    { name: "h.2.mlp.weight" },
    { name: "wte.weight" },
  );
  expect(drawn(rows)).toEqual([
    "wte.weight",
    "h",
    "- 2",
    "- - attn.weight",
    "- - mlp.weight",
    "- 10.attn",
    "- - weight",
    "- - bias",
  ]);
});

test("kinds never share a group, and a state lies where its parameter does", () => {
  const rows = rowsOf(
    { name: "a.w" },
    { name: "a.b" },
    { name: "state/0/exp_avg", kind: "moment1", parameter: "a.w" },
    { name: "state/1/exp_avg", kind: "moment1", parameter: "a.b" },
  );
  expect(drawn(rows)).toEqual(["weights.a", "- w", "- b", "first moments.a", "- w", "- b"]);
});

test.each([
  { what: "squares are added", l2: [3, 4], squared: 25, waiting: 0, unread: 0 },
  { what: "a NaN is not hidden", l2: [3, Number.NaN], squared: Number.NaN, waiting: 0, unread: 0 },
  { what: "one that is still to come is counted", l2: [3, undefined], squared: 9, waiting: 1, unread: 0 },
  { what: "one that is not read is counted", l2: [3, null], squared: 9, waiting: 0, unread: 1 },
])("in a group $what", ({ l2, squared, waiting, unread }) => {
  const rows = rowsOf(...l2.map((norm, at) => ({ name: `g.${at}`, l2: norm })));
  const [sum] = sumGroups(createTensorTree(rows), rows, { keeps: () => true, ties: [] });
  expect([sum?.squared, sum?.waiting, sum?.unread]).toEqual([squared, waiting, unread]);
});

test("tensors in the same bytes count once in a group, and in each group that has only one of them", () => {
  const rows = rowsOf(
    { name: "m.a.w", l2: 3 },
    { name: "m.a.v", l2: 4 },
    { name: "m.b.w", l2: 3 },
    { name: "m.b.v", l2: 1 },
  );
  const tree = createTensorTree(rows);
  const sums = sumGroups(tree, rows, { keeps: () => true, ties: [[2, 0]] });
  expect(tree.groups.map(({ id, at }) => [id, sums[at]?.squared, sums[at]?.elements])).toEqual([
    ["/m", 26, 6],
    ["/m/a", 25, 4],
    ["/m/b", 10, 4],
  ]);
});

test("a filter leaves what it keeps in its groups, and sums are of that", () => {
  const rows = rowsOf({ name: "a.w", l2: 3 }, { name: "a.v", l2: 4 }, { name: "b.w", l2: 1 }, { name: "b.x", l2: 1 });
  const tree = createTensorTree(rows);
  const sums = sumGroups(tree, rows, { keeps: (row) => row === 1, ties: [] });
  const keeps = (node: (typeof tree.roots)[number]): boolean =>
    node.type === "group" ? (sums[node.at]?.tensors ?? 0) > 0 : node.row === 1;
  expect([shown(treeLines(tree, { ...ALL, keeps })).map(({ node }) => node.label), sums[0]?.squared]).toEqual([
    ["a", "v"],
    16,
  ]);
});

test.each([
  { descending: false, names: ["zero", "small", "also small", "large", "broken", "unread", "waiting"] },
  { descending: true, names: ["broken", "large", "small", "also small", "zero", "unread", "waiting"] },
])("norms are sorted with NaN as the largest and what is not measured last, descending $descending", (given) => {
  const rows = rowsOf(
    { name: "large", l2: 7 },
    { name: "unread", l2: null },
    { name: "small", l2: 1e-9 },
    { name: "broken", l2: Number.NaN },
    { name: "also small", l2: 1e-9 },
    { name: "waiting" },
    { name: "zero", l2: 0 },
  );
  const order = createOrder({ column: "l2", descending: given.descending }, { rows, sums: [] });
  const lines = flatLines(order(createTensorTree(rows).leaves));
  expect(shown(lines).map(({ node }) => node.label)).toEqual(given.names);
});

test("names are sorted by their numbers", () => {
  const rows = rowsOf({ name: "w10" }, { name: "w9" }, { name: "w1" });
  const order = createOrder({ column: "name", descending: false }, { rows, sums: [] });
  expect(order(createTensorTree(rows).leaves).map(({ label }) => label)).toEqual(["w1", "w9", "w10"]);
});

test("a small tree is open from the start, a large one only as far as it can be read", () => {
  const small = createTensorTree(rowsOf({ name: "a.w" }, { name: "a.v" }));
  const large = createTensorTree(
    rowsOf(...Array.from({ length: 300 }, (_, at) => ["w", "v"].map((name) => ({ name: `m.${at}.${name}` }))).flat()),
  );
  const opened = (tree: typeof small): number => {
    const groups = createOpenGroups(null);
    groups.fit(tree);
    return tree.groups.filter(groups.isOpen(false)).length;
  };
  expect([opened(small), opened(large)]).toEqual([1, 0]);
});

test("while a filter is set all groups are open but those that people close then", () => {
  const tree = createTensorTree(rowsOf({ name: "a.w" }, { name: "a.v" }, { name: "b.w" }, { name: "b.v" }));
  const groups = createOpenGroups([]);
  const [a, b] = tree.groups;
  const open = (isFiltered: boolean): readonly boolean[] =>
    [a, b].map((group) => group !== undefined && groups.isOpen(isFiltered)(group));
  const before = [open(false), open(true)];
  if (a !== undefined) {
    groups.set(a, false, true);
  }
  const closed = open(true);
  groups.forgetFiltered();
  expect([before, closed, open(true)]).toEqual([
    [
      [false, false],
      [true, true],
    ],
    [false, true],
    [true, true],
  ]);
});

test("two hundred thousand parts of one module are its lines", () => {
  const entries = Array.from({ length: 200_000 }, (_, at): TensorDescription => {
    return { name: `experts.${at}`, kind: "weight", dtype: "F32", shape: [2], elements: 2, file: "model.safetensors" };
  });
  const rows = createCheckpointRows(entries, "weight").all();
  const lines = treeLines(createTensorTree(rows), ALL);
  expect([lines.count, lines.at(200_000)?.node.label]).toEqual([200_001, "199999"]);
});

test("a name of thousands of parts is drawn", () => {
  const names = Array.from({ length: 3000 }, (_, depth) => `${"a.".repeat(depth)}weight`);
  const lines = treeLines(createTensorTree(rowsOf(...names.map((name) => ({ name })))), ALL);
  expect(shown(lines).filter(({ node }) => node.type === "leaf")).toHaveLength(3000);
});
