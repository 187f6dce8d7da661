import { t } from "@vscode/l10n";
import { button, element } from "../../shared/element.ts";
import { createFilterBox } from "../../shared/filterBox.ts";
import { ZOOM_FACTOR } from "./heatKeys.ts";
import { ROW_HEIGHTS } from "./tabState.ts";
import type { LayersState } from "./tabState.ts";

export interface LayersBarActions {
  readonly change: (change: Partial<LayersState>) => void;
  readonly foldAll: (areFolded: boolean) => void;
  readonly zoom: (factor: number) => void;
  readonly reset: () => void;
}

const MODES = [
  { value: "norm", text: t("Norm") },
  { value: "change", text: t("Times the usual") },
] as const;
const HEIGHT_NAMES: Readonly<Record<(typeof ROW_HEIGHTS)[number], string>> = {
  18: t("High rows"),
  6: t("Low rows"),
  2: t("Thin rows"),
};

/** What is above the picture: what is shown of it, and how. */
export function createLayersBar(state: LayersState, actions: LayersBarActions): HTMLElement {
  const mode = choice(t("Colours"), MODES, state.mode, (value) => {
    actions.change({ mode: value === "change" ? "change" : "norm" });
  });
  mode.title = t("Times the usual: relative to the median of each row on screen");
  const heights = ROW_HEIGHTS.map((height) => ({ value: String(height), text: HEIGHT_NAMES[height] }));
  const height = choice(t("Height of rows"), heights, String(state.rowHeight), (value) => {
    actions.change({ rowHeight: ROW_HEIGHTS.find((one) => String(one) === value) ?? ROW_HEIGHTS[0] });
  });
  const filter = createFilterBox(state.filter, (text) => actions.change({ filter: text }));
  filter.placeholder = t("Filter, e.g. h.*.attn or /mlp|ln_2/");
  const quiet = "quiet";
  return element("div", { class: "toolbar", attributes: { role: "toolbar", "aria-label": t("Tensors") } }, [
    group(mode, height),
    group(
      button(t("Fold all"), { title: t("Fold all blocks"), class: quiet, onClick: () => actions.foldAll(true) }),
      button(t("Unfold all"), { title: t("Unfold all blocks"), class: quiet, onClick: () => actions.foldAll(false) }),
    ),
    group(
      button("−", { title: t("Zoom out"), class: quiet, onClick: () => actions.zoom(ZOOM_FACTOR) }),
      button("+", { title: t("Zoom in"), class: quiet, onClick: () => actions.zoom(1 / ZOOM_FACTOR) }),
      button(t("Reset zoom"), { title: t("Reset zoom to all steps"), class: quiet, onClick: actions.reset }),
    ),
    element("span", { class: "hint", text: t("Drag to zoom, Ctrl+wheel zooms, double-click resets") }),
    filter,
  ]);
}

function choice(
  label: string,
  options: readonly { readonly value: string; readonly text: string }[],
  chosen: string,
  onDidChoose: (value: string) => void,
): HTMLSelectElement {
  const entries = options.map(({ value, text }) => element("option", { text, attributes: { value } }));
  const created = element("select", { attributes: { "aria-label": label } }, entries);
  created.value = chosen;
  created.addEventListener("change", () => onDidChoose(created.value));
  return created;
}

function group(...parts: readonly HTMLElement[]): HTMLElement {
  return element("span", { class: "group" }, parts);
}
