import { t } from "@vscode/l10n";
import { element } from "../../shared/element.ts";
import { nameByItsEnd } from "../../shared/nameByItsEnd.ts";
import type { Theme } from "../../shared/theme.ts";
import { layerColours } from "./layerColours.ts";

export interface ShareLegend {
  readonly names: readonly string[];
  /** Of the names and of all others, at `step`. */
  readonly shares: readonly number[];
  /** Of those in the column under the cursor the one that is shown; NaN where none has finite norms. */
  readonly step: number;
  readonly theme: Theme;
}

/** Which number and colour is which tensor, with its share at a step. */
export function showShareLegend(list: HTMLElement, { names, shares, step, theme }: ShareLegend): void {
  const colours = layerColours(theme, names.length);
  const place = Number.isNaN(step) ? [] : [element("li", { class: "quiet-text", text: t("step {0}", step) })];
  list.replaceChildren(
    ...place,
    ...[...names, t("all others")].map((name, layer) => {
      const swatch = element("span", { class: "share-swatch", text: layer < names.length ? String(layer + 1) : "" });
      swatch.style.setProperty("background-color", colours[layer] ?? "");
      const share = shares[layer] ?? Number.NaN;
      const text = Number.isNaN(share) ? t("not known") : `${(share * 100).toFixed(1)} %`;
      return element("li", {}, [swatch, nameByItsEnd(name), element("span", { class: "quiet-text", text })]);
    }),
  );
}
