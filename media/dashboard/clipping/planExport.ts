import type { TensorPlan, TensorPlans } from "#protocol/dashboard/clipping.ts";
import { t } from "@vscode/l10n";
import { readTheme } from "../../shared/theme.ts";
import type { Exported } from "../export/exported.ts";
import { escapeMarkdown, toMarkdown } from "../export/table.ts";
import type { ExportTable } from "../export/table.ts";
import { tensorFigure } from "./tensorChart.ts";

interface ShownPlan {
  readonly plans: TensorPlans;
  readonly plan: TensorPlan;
}

/** Limits per tensor as they are on screen. */
export function exportPlan({ plans, plan }: ShownPlan, { run, width }: { run: string; width: number }): Exported {
  const { method, reason, cosine, lowestCosine } = plan;
  const facts = t(
    "{0}: {1} Cosine {2} in the median, {3} at worst.",
    method,
    reason,
    cosine.toFixed(4),
    lowestCosine.toFixed(4),
  );
  return {
    name: `${run}-clipping-per-tensor`,
    picture: () => tensorFigure(plans, plan, { width, theme: readTheme() }),
    table: () => limitsTable(plans, plan),
    json: () => ({ schema: "gradlens/clipping-per-tensor@1", run, names: plans.names, ...plan }),
    markdown: () =>
      `## Clipping ${escapeMarkdown(run)} per tensor\n\n${facts}\n\n${toMarkdown(limitsTable(plans, plan))}`,
  };
}

function limitsTable({ names }: TensorPlans, { limits, clippedShares }: TensorPlan): ExportTable {
  return {
    header: ["tensor", "limit", "clippedShare"],
    rows: names.map((name, index) => [name, limits[index] ?? null, clippedShares[index] ?? null]),
  };
}
