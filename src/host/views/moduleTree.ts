import { inModelOrder } from "#core/names/order.ts";
import { plainName } from "#core/names/plainName.ts";

/** A module of a model, or one tensor, at its place in the tree of names. */
export interface ModuleNode {
  /** What stands after the parent: `h.0`, `c_proj.weight`. */
  readonly label: string;
  /** Unique among the nodes of a tree. */
  readonly id: string;
  /** The tensor as the log spells it; null for a module. */
  readonly tensor: string | null;
  /** In the model's order; none below a tensor. */
  readonly children: readonly ModuleNode[];
}

/** The tree of modules that names of tensors spell. A module that holds one thing only is one node with it. */
export function moduleTree(tensors: Iterable<string>): readonly ModuleNode[] {
  const root = createBranch();
  for (const tensor of inModelOrder([...tensors], (name) => name)) {
    plant(root, tensor);
  }
  return nodesOf(root, "");
}

/** All nodes with their parents; undefined for those at the top. */
export function parentsIn(roots: readonly ModuleNode[]): ReadonlyMap<ModuleNode, ModuleNode | undefined> {
  const parents = new Map<ModuleNode, ModuleNode | undefined>();
  const visit = (nodes: readonly ModuleNode[], parent: ModuleNode | undefined): void => {
    for (const node of nodes) {
      parents.set(node, parent);
      visit(node.children, node);
    }
  };
  visit(roots, undefined);
  return parents;
}

interface Branch {
  readonly branches: Map<string, Branch>;
  /** Wrappers give several tensors the same plain name. */
  readonly tensors: string[];
}

function createBranch(): Branch {
  return { branches: new Map(), tensors: [] };
}

// Deeper than any model; the limit keeps recursion off the stack's end when a name is all dots.
const MAX_DEPTH = 60;

function plant(root: Branch, tensor: string): void {
  const parts = plainName(tensor).split(".");
  const words = [...parts.slice(0, MAX_DEPTH), ...[parts.slice(MAX_DEPTH).join(".")].filter((rest) => rest !== "")];
  let branch = root;
  for (const word of words) {
    const next = branch.branches.get(word) ?? createBranch();
    branch.branches.set(word, next);
    branch = next;
  }
  branch.tensors.push(tensor);
}

function nodesOf({ branches }: Branch, path: string): readonly ModuleNode[] {
  return Array.from(branches).flatMap(([word, branch]) =>
    nodesAt(branch, word, path === "" ? word : `${path}.${word}`),
  );
}

function nodesAt(branch: Branch, label: string, path: string): readonly ModuleNode[] {
  const leaves = branch.tensors.map((tensor): ModuleNode => ({ label, id: `tensor ${tensor}`, tensor, children: [] }));
  const children = nodesOf(branch, path);
  const [only, ...others] = children;
  if (only === undefined) {
    return leaves;
  }
  const module =
    others.length === 0
      ? { ...only, label: `${label}.${only.label}` }
      : { label, id: `module ${path}`, tensor: null, children };
  return [...leaves, module];
}
