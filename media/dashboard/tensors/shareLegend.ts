import { t } from "@vscode/l10n";
import { element } from "../../shared/element.ts";
import type { Theme } from "../../shared/theme.ts";
import { layerColours } from "./layerColours.ts";

/** Which number and colour is which tensor, with its share at the cursor. */
export function showShareLegend(
  list: HTMLElement,
  { names, sharesAtCursor, theme }: { names: readonly string[]; sharesAtCursor: readonly number[]; theme: Theme },
): void {
  const colours = layerColours(theme, names.length);
  list.replaceChildren(
    ...[...names, t("all others")].map((name, layer) => {
      const swatch = element("span", { class: "share-swatch", text: layer < names.length ? String(layer + 1) : "" });
      swatch.style.setProperty("background-color", colours[layer] ?? "");
      const share = sharesAtCursor[layer] ?? Number.NaN;
      const text = Number.isNaN(share) ? t("not known") : `${(share * 100).toFixed(1)} %`;
      return element("li", {}, [
        swatch,
        element("span", { text: name }),
        element("span", { class: "quiet-text", text }),
      ]);
    }),
  );
}
