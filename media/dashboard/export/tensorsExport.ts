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
    json: () => ({ schema: "gradlens/tensors@1", run: run.name, source: run.source, tensors: run.tensors }),
    markdown: () => `## ${escapeMarkdown(run.name)}\n\n${toMarkdown(tensorsTable(run))}`,
  };
}

export function tensorsTable({ tensors }: ShownRun): ExportTable {
  return {
    header: ["tensor", "last", "median", "p99", "share", "nonFinite", "zeros"],
    rows: tensors.map(({ name, last, median, p99, share, nonFinite, zeros }) => [
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
