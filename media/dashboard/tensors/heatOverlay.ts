import { element, setText } from "../../shared/element.ts";

/** What floats over the picture: the cell under the pointer in words, and the steps that are being brushed. */
export interface HeatOverlay {
  readonly elements: readonly HTMLElement[];
  /** Beside a position, in CSS pixels, of a picture so wide; undefined takes it away. */
  readonly showTip: (text: string | undefined, at: { x: number; y: number; width: number }) => void;
  /** The same positions twice take it away. */
  readonly showBrush: (from: number, to: number) => void;
}

/** CSS pixels from the pointer. */
const BESIDE = 14;

export function createHeatOverlay(): HeatOverlay {
  const brush = element("div", { class: "heat-brush" });
  const tip = element("div", { class: "heat-tip", attributes: { "aria-hidden": "true" } });
  brush.hidden = true;
  tip.hidden = true;
  return {
    elements: [brush, tip],
    showTip(text, { x, y, width }) {
      tip.hidden = text === undefined;
      setText(tip, text ?? "");
      const isLeft = x < width / 2;
      tip.style.setProperty("left", isLeft ? `${x + BESIDE}px` : "auto");
      tip.style.setProperty("right", isLeft ? "auto" : `${width - x + BESIDE}px`);
      tip.style.setProperty("top", `${y + BESIDE}px`);
    },
    showBrush(from, to) {
      brush.hidden = from === to;
      brush.style.setProperty("left", `${Math.min(from, to)}px`);
      brush.style.setProperty("width", `${Math.abs(to - from)}px`);
    },
  };
}
