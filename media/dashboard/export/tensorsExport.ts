import type { TensorRow } from "#protocol/dashboard/tensorRows.ts";
import { rankRows } from "../../shared/ranking.ts";
import type { ShownRun } from "../run.ts";
import type { Exported } from "./exported.ts";
import { escapeMarkdown, toMarkdown } from "./table.ts";
import type { ExportTable } from "./table.ts";

/** The tensors of a run with what is known of each. */
export function exportTensors(run: ShownRun): Exported {
  return {
    name: `${run.name}-tensors`,
    picture: undefined,
    table: () => tensorsTable(run),
    json: () => ({ schema: "gradlens/tensors@1", run: run.name, source: run.source, tensors: largestFirst(run) }),
    markdown: () => `## ${escapeMarkdown(run.name)}\n\n${toMarkdown(tensorsTable(run))}`,
  };
}

/** By the last norm. */
export function largestFirst({ tensors }: ShownRun): readonly TensorRow[] {
  return rankRows(tensors, ({ last }) => last, true);
}

export function tensorsTable(run: ShownRun): ExportTable {
  return {
    header: ["tensor", "last", "median", "p99", "share", "nonFinite", "zeros"],
    rows: largestFirst(run).map(({ name, last, median, p99, share, nonFinite, zeros }) => [
      name,
      last,
      median,
      p99,
      share,
      nonFinite,
      zeros,
    ]),
  };
}
