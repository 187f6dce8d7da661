import { element } from "../../shared/element.ts";
import { readTheme } from "../../shared/theme.ts";
import { createPanel } from "./panel.ts";
import type { Panel } from "./panel.ts";
import type { PanelStyle } from "./roles.ts";
import type { Scene } from "./scene.ts";
import { createSight } from "./sight.ts";

/** A panel that should stand on the page. The same id is the same panel. */
export interface PanelSpec {
  readonly id: string;
  readonly style: PanelStyle;
  readonly scene: Scene;
}

/** Panels in one column of equal width. */
export interface PanelSet {
  readonly element: HTMLElement;
  readonly all: () => readonly Panel[];
  readonly draw: (specs: readonly PanelSpec[]) => void;
  /** Takes the panels away; the next `draw` builds them anew, in the theme of then. */
  readonly clear: () => void;
  readonly width: () => number;
}

const LEAST_WIDTH = 160;

export function createPanelSet(onDidBuild: (panel: Panel) => void): PanelSet {
  const holder = element("div", { class: "charts", attributes: { role: "img", tabindex: "0" } });
  const panels = new Map<string, Panel>();
  const sight = createSight();
  const all = (): readonly Panel[] => Array.from(panels.values());
  const width = (): number => Math.max(LEAST_WIDTH, Math.floor(holder.clientWidth));
  new ResizeObserver(() => {
    if (holder.clientWidth > 0) {
      all().forEach((panel) => panel.resize(width()));
    }
  }).observe(holder);
  return { element: holder, all, draw, clear, width };

  /** A panel that stays is drawn anew; one that is new is built, and one that is no longer wanted goes. */
  function draw(specs: readonly PanelSpec[]): void {
    const keys = specs.map(keyOf);
    for (const [key, panel] of panels) {
      if (!keys.includes(key)) {
        remove(key, panel);
      }
    }
    for (const [index, spec] of specs.entries()) {
      const key = keys[index] ?? "";
      const panel = panels.get(key);
      if (panel === undefined) {
        panels.set(key, build(spec, index === specs.length - 1));
      } else {
        sight.draw(panel, spec.scene);
      }
    }
    const elements = keys.flatMap((key) => panels.get(key)?.element ?? []);
    if (elements.some((one, index) => one !== holder.children[index])) {
      holder.append(...elements);
    }
  }

  function build({ style, scene }: PanelSpec, hasStepLabels: boolean): Panel {
    const panel = createPanel({ style, theme: readTheme(), width: width(), hasStepLabels, scene });
    sight.watch(panel);
    onDidBuild(panel);
    return panel;
  }

  function remove(key: string, panel: Panel): void {
    panels.delete(key);
    sight.forget(panel);
    panel.dispose();
    panel.element.remove();
  }

  function clear(): void {
    for (const [key, panel] of panels) {
      remove(key, panel);
    }
  }
}

/** What a panel cannot change: its unit, and whether the labels of the axis stand below it. */
function keyOf({ id, scene }: PanelSpec, index: number, all: readonly PanelSpec[]): string {
  return `${id} ${scene.horizontal.unit} ${index === all.length - 1 ? "last" : ""}`;
}
