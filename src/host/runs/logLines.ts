import { isAbsolute } from "node:path";
import type { LogFormat } from "#core/log.ts";

// Their samples are in records, files or rows, which no editor shows as lines.
const WITHOUT_LINES: ReadonlySet<LogFormat> = new Set<LogFormat>([
  "tensorBoard",
  "wandb",
  "mlflow",
  "mlflowDatabase",
  "trackio",
]);

/** Whether a log is text whose lines an editor can show: no binary, no compressed file, no terminal. */
export function hasLines(log: { readonly path: string; readonly format: LogFormat }): boolean {
  return isAbsolute(log.path) && !WITHOUT_LINES.has(log.format) && !/\.(?:gz|zst)$/.test(log.path);
}
