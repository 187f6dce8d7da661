import { formatNumber } from "#core/format.ts";
import type { LayerProfile } from "#protocol/dashboard/tensors.ts";
import { t } from "@vscode/l10n";
import { element } from "../../shared/element.ts";

const HEADS = ["", t("Role"), t("Blocks"), t("First"), t("Last"), t("Per block"), t("Decades"), t("Kendall τ")];
const SHAPES = ["●", "■", "▲", "◆", "○", "□"];

/** The slopes as numbers, the steepest first; the shapes are those of the chart. */
export function profileTable(profiles: readonly LayerProfile[]): HTMLElement {
  const head = element(
    "tr",
    {},
    HEADS.map((text) => element("th", { text, attributes: { scope: "col" } })),
  );
  const rows = profiles.map(({ pattern, blocks, lambda, decades, tau }, index) =>
    element(
      "tr",
      {},
      [
        SHAPES[index] ?? "",
        pattern,
        String(blocks.length),
        formatNumber(blocks[0]?.rms ?? Number.NaN),
        formatNumber(blocks.at(-1)?.rms ?? Number.NaN),
        `×${formatNumber(Number(Math.exp(lambda).toPrecision(3)))}`,
        decades.toFixed(2),
        tau.toFixed(2),
      ].map((text) => element("td", { text, attributes: { title: text } })),
    ),
  );
  const attributes = { "aria-label": t("Slope of the gradient over depth, by role") };
  return element("table", { class: "profiles", attributes }, [
    element("thead", {}, [head]),
    element("tbody", {}, rows),
  ]);
}
