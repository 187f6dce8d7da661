import { t } from "@vscode/l10n";
import { button, element, setText } from "../../shared/element.ts";
import { createFilterBox } from "../../shared/filterBox.ts";
import type { SortOrder } from "../../shared/ranking.ts";
import type { CheckpointRow } from "../rows.ts";
import { formatCount } from "../text.ts";
import type { Tie } from "#core/ties.ts";
import { createOpenGroups } from "./openGroups.ts";
import { cellsOf, classOf } from "./tensorCells.ts";
import { TENSOR_COLUMNS } from "./tensorColumns.ts";
import { createTensorModel } from "./tensorModel.ts";
import type { TreeNode } from "./tensorTree.ts";
import { createTreeGrid } from "./treeGrid.ts";
import type { TreeLine } from "./treeLines.ts";

export interface TensorsTable {
  readonly element: HTMLElement;
  /** Shows the control for tensors of open kinds beside the title, or none. */
  readonly showControl: (control: HTMLElement | null) => void;
  /** Another checkpoint, or other kinds: the tree is made anew. */
  readonly open: (rows: readonly CheckpointRow[], ties: readonly Tie[]) => void;
  /** The same tensors with more norms, in the next frame: many small messages come within one. */
  readonly showSoon: (rowsOf: () => readonly CheckpointRow[]) => void;
}

export interface TableView {
  readonly filter: string;
  readonly order: SortOrder;
  /** Without groups. */
  readonly isList: boolean;
  /** Groups that are open, by id; null for as many as fit. */
  readonly opened: readonly string[] | null;
}

export interface TensorsTableOptions extends TableView {
  readonly onDidChange: (change: Partial<TableView>) => void;
  readonly onDidChoose: (row: CheckpointRow) => void;
}

const NAME_COLUMN = {
  id: "name",
  label: t("Tensor"),
  title: t("Name in the file, and the parameter whose state it is"),
  align: "left",
} as const;

export function createTensorsTable(options: TensorsTableOptions): TensorsTable {
  const opened = createOpenGroups(options.opened);
  const model = createTensorModel({ ...options, opened });
  let { isList } = options;
  let chosen: TreeNode | undefined;
  const title = createTitle(options, {
    filter: (text) => change(() => model.setFilter(text), { filter: text }),
    toggle,
  });
  const grid = createTreeGrid({
    label: t("Tensors and their norms"),
    columns: [NAME_COLUMN, ...TENSOR_COLUMNS],
    order: options.order,
    onDidSort: (order) => change(() => model.setOrder(order), { order }),
    cells: (line) => cellsOf(line, model, isList),
    lineClass: (line) => classOf(line, model),
    onDidToggle: toggleGroup,
    onDidChoose: choose,
  });
  const soon = inNextFrame();
  return {
    element: element("div", { class: "tensors" }, [title.element, grid.element]),
    showControl: title.showControl,
    open(rows, ties) {
      chosen = undefined;
      change(() => model.open(rows, ties));
    },
    showSoon: (rowsOf) => soon(() => change(() => model.renew(rowsOf()))),
  };

  function change(act: () => void, stored?: Partial<TableView>): void {
    act();
    title.show(model.count());
    grid.show(model.lines(), chosen);
    if (stored !== undefined) {
      options.onDidChange(stored);
    }
  }

  function toggle(): boolean {
    isList = !isList;
    change(() => model.setList(isList), { isList });
    return isList;
  }

  function toggleGroup({ node, isOpen }: TreeLine): void {
    if (node.type === "group") {
      change(() => opened.set(node, !isOpen, model.isFiltered()));
      options.onDidChange({ opened: opened.ids() });
    }
  }

  function choose({ node }: TreeLine): void {
    const row = model.rowOf(node);
    if (row !== undefined) {
      change(() => (chosen = node));
      options.onDidChoose(row);
    }
  }
}

/** What is asked for several times within a frame is done once, with the newest. */
function inNextFrame(): (act: () => void) => void {
  let newest: (() => void) | undefined;
  return (act) => {
    if (newest === undefined) {
      requestAnimationFrame(() => {
        const last = newest;
        newest = undefined;
        last?.();
      });
    }
    newest = act;
  };
}

interface Title {
  readonly element: HTMLElement;
  readonly showControl: TensorsTable["showControl"];
  readonly show: (count: { readonly kept: number; readonly all: number; readonly problem: string | undefined }) => void;
}

interface TitleActions {
  readonly filter: (text: string) => void;
  /** Gives whether it is a list now. */
  readonly toggle: () => boolean;
}

function createTitle({ filter, isList }: TableView, actions: TitleActions): Title {
  const count = element("span", { class: "quiet-text", attributes: { role: "status" } });
  const box = createFilterBox(filter, actions.filter);
  box.placeholder = t("Filter, e.g. layer*.weight or /h\\.[0-3]\\./");
  const slot = element("div", { class: "control" });
  const mode = button("", { title: "", class: "quiet", onClick: () => nameMode(actions.toggle()) });
  nameMode(isList);
  const parts = [element("h2", { text: t("Tensors") }), count, mode, slot, box];
  return {
    element: element("div", { class: "section-title" }, parts),
    showControl: (control) => slot.replaceChildren(...(control === null ? [] : [control])),
    show({ kept, all, problem }) {
      const total = formatCount(all);
      setText(count, problem ?? (kept === all ? total : t("{0} of {1}", formatCount(kept), total)));
      box.setAttribute("aria-invalid", String(problem !== undefined));
    },
  };

  function nameMode(isNowList: boolean): void {
    const label = isNowList ? t("Show as tree") : t("Show as list");
    setText(mode, label);
    mode.title = t("{0}: tensors with or without their modules", label);
    mode.setAttribute("aria-label", label);
  }
}
