import type { Axis } from "#core/series.ts";
import { stepName } from "#l10n/stepName.ts";
import { formatNumber } from "#core/format.ts";
import { t } from "@vscode/l10n";
import { describeReading } from "../../charts/readout.ts";
import type { Reading } from "../../charts/readout.ts";
import { element, setText } from "../../shared/element.ts";
import type { Theme } from "../../shared/theme.ts";
import { surroundingKeys, lineSample } from "./legendKeys.ts";
import { colourOf } from "./paint/panel.ts";
import type { PanelStyle } from "./roles.ts";
import type { Scene } from "./scene.ts";

/** The line above a chart: what is drawn, and the values under the cursor. */
export interface PanelTitle {
  readonly element: HTMLElement;
  readonly showLines: (scene: Pick<Scene, "lines" | "axis" | "band" | "shaded">) => void;
  /** Of each line in their order; undefined where nothing was measured. */
  readonly showReadings: (readings: readonly (Reading | undefined)[]) => void;
}

export function createPanelTitle(style: PanelStyle, theme: Theme): PanelTitle {
  const names = element("span", { class: "panel-names" });
  const readout = element("span", { class: "panel-readout" });
  const title = element("div", { class: "panel-title" }, [element("span", { text: style.title }), names, readout]);
  let shown = "";
  let axis: Axis | undefined;
  let values: readonly HTMLElement[] = [];
  return {
    element: title,
    showLines({ lines, axis: counted, band, shaded }) {
      axis = counted;
      const hasBand = band?.median.some(Number.isFinite) === true;
      // Other runs have their own, which is not drawn.
      const of = lines.filter(({ judgedAs }) => judgedAs !== undefined).length > 1 ? lines[0]?.name : undefined;
      const keys = surroundingKeys({ hasBand, hasWarmUp: shaded.some(({ min, max }) => min < max), of }, theme);
      const key = JSON.stringify([lines.map(({ name, slot }) => [slot, name]), keys.length]);
      if (key !== shown) {
        shown = key;
        values = lines.map(() => element("span", { class: "legend-value" }));
        const entries = lines.map((line, index) => {
          const sample = lineSample(line, { colour: colourOf({ theme }, line, style), theme });
          return element("span", { class: "legend-entry" }, [
            sample,
            element("span", { text: line.name }),
            ...values.slice(index, index + 1),
          ]);
        });
        names.replaceChildren(...entries, ...keys);
      }
    },
    showReadings(readings) {
      const [first] = readings;
      const isOne = readings.length === 1;
      setText(readout, isOne ? describeReading(first, axis) : placeOf(first, axis));
      for (const [index, value] of values.entries()) {
        setText(value, isOne ? "" : valueOf(readings[index], first, axis));
      }
    },
  };
}

/** Where all the values were read that do not say it themselves. */
function placeOf(reading: Reading | undefined, axis: Axis | undefined): string {
  return reading === undefined ? "" : stepName(reading.step, axis);
}

/** With its step where that is another; of many points in a column of pixels each line has another that is largest. */
function valueOf(reading: Reading | undefined, first: Reading | undefined, axis: Axis | undefined): string {
  if (reading === undefined) {
    return t("not measured");
  }
  const { step, value, of } = reading;
  const isThere = step === first?.step || of > 1;
  return isThere ? formatNumber(value) : t("{0} ({1})", formatNumber(value), stepName(step, axis));
}
