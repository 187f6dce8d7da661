import { formatNumber } from "#core/format.ts";
import type { AdamRow, AdamShown } from "#protocol/checkpointTabs.ts";
import { t } from "@vscode/l10n";
import type { TableColumn } from "../../shared/dataTable.ts";
import { formatCount } from "../text.ts";

/** What stands in the table of parameters. */
export function adamColumns(adam: AdamShown): readonly TableColumn<AdamRow>[] {
  return [...gradientColumns(adam), ...noiseColumns(), ...stateColumns(adam)];
}

function gradientColumns({ globalNorm }: AdamShown): readonly TableColumn<AdamRow>[] {
  return [
    {
      id: "name",
      label: t("Parameter"),
      title: t("The parameter whose moments these are"),
      align: "left",
      valueOf: ({ name }) => name,
      cell: ({ name }) => name,
    },
    number(
      "norm",
      t("Gradient norm"),
      t("sqrt(Σ v̂): root mean square of the gradient norm over the last steps, after clipping"),
      ({ norm }) => norm,
    ),
    {
      id: "share",
      label: t("Share"),
      title: t("Part of the squared global norm"),
      align: "right",
      valueOf: (row) => shareOf(row, globalNorm),
      cell: (row) => percent(shareOf(row, globalNorm)),
    },
    number("rms", "RMS", t("Gradient norm / √elements: comparable across sizes, and with eps"), ({ rms }) => rms),
  ];
}

function noiseColumns(): readonly TableColumn<AdamRow>[] {
  return [
    {
      ...number(
        "signal",
        t("Signal"),
        t("‖G‖ of the mean gradient: what is the same in every batch"),
        ({ signal }) => signal,
      ),
      cell: ({ signal, isBelowNoise }) =>
        signal === null ? (isBelowNoise ? t("below noise") : "–") : formatNumber(signal),
    },
    number("noise", t("Noise"), t("sqrt(tr Σ): what differs from batch to batch"), ({ noise }) => noise),
    number(
      "noiseScale",
      t("Noise scale"),
      t("Noise² / signal², in batches: larger batches than that help little"),
      ({ noiseScale }) => noiseScale,
    ),
    number(
      "updateRatio",
      t("Update/weight"),
      t("Length of the next update by the weight's, without decay"),
      ({ updateRatio }) => updateRatio,
    ),
  ];
}

function stateColumns({ steps }: AdamShown): readonly TableColumn<AdamRow>[] {
  const most = steps.at(-1) ?? null;
  return [
    share(
      "belowEpsilon",
      "√v̂ < eps",
      t("Elements whose gradient is below Adam's eps, so that their updates are damped"),
      ({ belowEpsilon }) => belowEpsilon,
    ),
    share("zeros", "v = 0", t("Elements that have had no gradient"), ({ zeros }) => zeros),
    {
      id: "step",
      label: t("Step"),
      title: t("Steps taken; ▼ where fewer than others"),
      align: "right",
      valueOf: ({ step }) => step,
      cell: ({ step }) => (step === null ? "–" : `${most !== null && step < most ? "▼ " : ""}${formatCount(step)}`),
    },
  ];
}

function number(id: string, label: string, title: string, pick: (row: AdamRow) => number | null): TableColumn<AdamRow> {
  return {
    id,
    label,
    title,
    align: "right",
    valueOf: pick,
    cell(row) {
      const value = pick(row);
      return value === null ? "–" : formatNumber(value);
    },
  };
}

function share(id: string, label: string, title: string, pick: (row: AdamRow) => number): TableColumn<AdamRow> {
  return { id, label, title, align: "right", valueOf: pick, cell: (row) => percent(pick(row)) };
}

function shareOf({ norm }: AdamRow, globalNorm: number): number {
  return globalNorm === 0 ? 0 : (norm / globalNorm) ** 2;
}

/** A true zero is 0 %. */
function percent(part: number): string {
  return part === 0 ? "0 %" : part < 0.001 ? "< 0.1 %" : `${(part * 100).toFixed(1)} %`;
}
