import type { Finding } from "#core/finding.ts";
import type { Run } from "#store/run.ts";
import { measureModules } from "./moduleMeasures.ts";
import type { ModuleMeasures } from "./moduleMeasures.ts";
import { moduleTree, parentsIn } from "./moduleTree.ts";
import type { ModuleNode } from "./moduleTree.ts";

/** A run's tensors as a tree, measured at its last step. */
export interface RunTree {
  readonly roots: readonly ModuleNode[];
  readonly parents: ReadonlyMap<ModuleNode, ModuleNode | undefined>;
  readonly step: number | undefined;
  readonly measures: ModuleMeasures;
}

export interface RunTrees {
  readonly of: (run: Run) => RunTree;
  /** Something was logged or found: what is asked for next is measured anew. */
  readonly measureAnew: () => void;
}

/** Trees are kept while a run's tensors have the same names, so that what is open stays open. */
export function createRunTrees(findingsOf: (run: Run) => readonly Finding[]): RunTrees {
  const shapes = new WeakMap<Run, Shape>();
  let measured = new WeakMap<Run, RunTree>();

  function shapeOf(run: Run): Shape {
    const names = [...run.tensors().keys()];
    const known = shapes.get(run);
    if (known !== undefined && isSame(known.names, names)) {
      return known;
    }
    const roots = moduleTree(names);
    const shape = { names, roots, parents: parentsIn(roots) };
    shapes.set(run, shape);
    return shape;
  }

  return {
    of(run) {
      const known = measured.get(run);
      if (known !== undefined) {
        return known;
      }
      const { roots, parents } = shapeOf(run);
      const tree = { roots, parents, ...measureModules(roots, run, findingsOf(run)) };
      measured.set(run, tree);
      return tree;
    },
    measureAnew() {
      measured = new WeakMap();
    },
  };
}

interface Shape extends Pick<RunTree, "roots" | "parents"> {
  readonly names: readonly string[];
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((name, index) => name === b[index]);
}
