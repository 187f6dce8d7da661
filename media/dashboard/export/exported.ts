import type { SvgNode } from "../../vector/node.ts";
import type { ExportTable } from "./table.ts";

/** What a tab shows now, ready to be written to a file. */
export interface Exported {
  /** For the name of the file: `example-clipping`. */
  readonly name: string;
  /** Undefined where what is on screen has no vector picture. */
  readonly picture: (() => SvgNode) | undefined;
  readonly table: () => ExportTable;
  readonly json: () => unknown;
  readonly markdown: () => string;
}
