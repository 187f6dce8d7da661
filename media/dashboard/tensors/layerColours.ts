import type { Theme } from "../../shared/theme.ts";

const OKABE_ITO = ["#0072B2", "#E69F00", "#009E73", "#CC79A7", "#D55E00", "#56B4E9"];

/** So many layers, and one more for all others. Numbers and lines between them tell them apart as well. */
export function layerColours({ kind }: Theme, count: number): readonly string[] {
  const others = kind === "light" || kind === "highContrastLight" ? "#b5b5b5" : "#6a6a6a";
  return [...Array.from({ length: count }, (_, layer) => OKABE_ITO[layer % OKABE_ITO.length] ?? others), others];
}
