import { element } from "../../shared/element.ts";
import { readTheme } from "../../shared/theme.ts";
import { createPanel } from "./panel.ts";
import type { Panel } from "./panel.ts";
import type { PanelStyle } from "./roles.ts";
import type { Scene } from "./scene.ts";

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

export function createPanelSet(onDidBuild: (panel: Panel, id: string) => void): PanelSet {
  const holder = element("div", { class: "charts", attributes: { role: "img", tabindex: "0" } });
  const panels = new Map<string, Panel>();
  const stale = new Map<Element, () => void>();
  const inSight = new Set<Element>();
  const sight = new IntersectionObserver(look);
  let built = "";
  const all = (): readonly Panel[] => Array.from(panels.values());
  const width = (): number => Math.max(LEAST_WIDTH, Math.floor(holder.clientWidth));
  new ResizeObserver(() => {
    if (holder.clientWidth > 0) {
      all().forEach((panel) => panel.resize(width()));
    }
  }).observe(holder);
  return { element: holder, all, draw, clear, width };

  function draw(specs: readonly PanelSpec[]): void {
    const wanted = specs.map(({ id, scene }) => `${id} ${scene.horizontal.unit}`).join("\n");
    if (wanted !== built) {
      build(specs);
      built = wanted;
    } else {
      for (const { id, scene } of specs) {
        drawInSight(panels.get(id), scene);
      }
    }
  }

  /** A panel that is scrolled out of sight is drawn when it comes back. */
  function drawInSight(panel: Panel | undefined, scene: Scene): void {
    if (panel !== undefined && inSight.has(panel.element)) {
      panel.draw(scene);
    } else if (panel !== undefined) {
      stale.set(panel.element, () => panel.draw(scene));
    }
  }

  function look(entries: readonly IntersectionObserverEntry[]): void {
    for (const { target, isIntersecting } of entries) {
      if (isIntersecting) {
        inSight.add(target);
        stale.get(target)?.();
        stale.delete(target);
      } else {
        inSight.delete(target);
      }
    }
  }

  function build(specs: readonly PanelSpec[]): void {
    clear();
    const theme = readTheme();
    for (const { id, style, scene } of specs) {
      const panel = createPanel({ style, theme, width: width(), hasStepLabels: id === specs.at(-1)?.id, scene });
      panels.set(id, panel);
      holder.append(panel.element);
      inSight.add(panel.element); // Until it is known better.
      sight.observe(panel.element);
      onDidBuild(panel, id);
    }
  }

  function clear(): void {
    built = "";
    for (const panel of panels.values()) {
      sight.unobserve(panel.element);
      stale.delete(panel.element);
      inSight.delete(panel.element);
      panel.dispose();
      panel.element.remove();
    }
    panels.clear();
  }
}
