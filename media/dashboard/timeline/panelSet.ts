import { element } from "../../shared/element.ts";
import { readTheme } from "../../shared/theme.ts";
import { createPanel } from "./panel.ts";
import type { Panel } from "./panel.ts";
import { ROLES } from "./roles.ts";
import type { RoleStyle } from "./roles.ts";
import { linesOf } from "../run.ts";
import type { Scene } from "./scene.ts";
import type { ShownRun } from "../run.ts";

/** One panel for each role that the run has, in one column of equal width. */
export interface PanelSet {
  readonly element: HTMLElement;
  readonly all: () => readonly Panel[];
  readonly draw: (run: ShownRun, sceneOf: (style: RoleStyle) => Scene) => void;
  /** Takes the panels away; the next `draw` builds them anew, in the theme of then. */
  readonly clear: () => void;
  readonly width: () => number;
}

const LEAST_WIDTH = 160;

export function createPanelSet(onDidBuild: (panel: Panel) => void): PanelSet {
  const holder = element("div", { class: "charts", attributes: { role: "img", tabindex: "0" } });
  const panels = new Map<RoleStyle, Panel>();
  const all = (): readonly Panel[] => Array.from(panels.values());
  const width = (): number => Math.max(LEAST_WIDTH, Math.floor(holder.clientWidth));
  new ResizeObserver(() => all().forEach((panel) => panel.resize(width()))).observe(holder);
  return { element: holder, all, draw, clear, width };

  function draw(run: ShownRun, sceneOf: (style: RoleStyle) => Scene): void {
    const styles = ROLES.filter(({ role }) => linesOf(run, role).length > 0);
    if (styles.length !== panels.size || styles.some((style) => !panels.has(style))) {
      build(styles, sceneOf);
    } else {
      for (const [style, panel] of panels) {
        panel.draw(sceneOf(style));
      }
    }
  }

  function build(styles: readonly RoleStyle[], sceneOf: (style: RoleStyle) => Scene): void {
    clear();
    const theme = readTheme();
    for (const style of styles) {
      const hasStepLabels = style === styles.at(-1);
      const panel = createPanel({ style, theme, width: width(), hasStepLabels, scene: sceneOf(style) });
      panels.set(style, panel);
      holder.append(panel.element);
      onDidBuild(panel);
    }
  }

  function clear(): void {
    for (const panel of panels.values()) {
      panel.dispose();
      panel.element.remove();
    }
    panels.clear();
  }
}
