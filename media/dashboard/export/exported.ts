import type { Theme } from "../../shared/theme.ts";
import type { SvgNode } from "../../vector/node.ts";
import type { ExportTable } from "./table.ts";

/** What a tab shows now, ready to be written to a file. */
export interface Exported {
  /** For the name of the file: `example-clipping`. */
  readonly name: string;
  readonly picture: () => SvgNode;
  readonly table: () => ExportTable;
  readonly json: () => unknown;
  readonly markdown: () => string;
}

/** What a tab adds to the report of a run. */
export interface ReportSection {
  readonly title: string;
  readonly sentences: readonly string[];
  readonly picture: SvgNode | undefined;
  readonly tables: readonly ExportTable[];
}

/** How a report is drawn. */
export interface ReportPaper {
  /** CSS pixels. */
  readonly width: number;
  readonly theme: Theme;
}
