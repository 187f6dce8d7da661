import { formatNumber } from "#core/format.ts";
import { formatTable } from "../text/table.ts";
import type { RunDocument, StepAndValue } from "./logDocument.ts";

/** A run for people: its series as a table, then findings, doubts and notes line by line. */
export function toText({ id, series, findings, suspicions, clipThreshold, clipState, notes }: RunDocument): string {
  const rows = series.map((one) => [
    one.tensor ?? one.name,
    one.kind,
    String(one.points),
    printPoint(one.first),
    printPoint(one.last),
    printPoint(one.min),
    printPoint(one.max),
    String(one.nonFinite),
  ]);
  const header = ["series", "kind", "points", "first", "last", "min", "max", "NaN or Inf"];
  const clip = clipThreshold === null ? "" : `clip threshold ${clipThreshold.value} (${clipState})\n`;
  const found = findings.map(
    ({ severity, rule, message, source }) => `${severity} ${rule} line ${source.line}: ${message}\n`,
  );
  const noted = [...suspicions.map(({ sentence }) => sentence), ...notes].map((note) => `${note}\n`);
  return `${id}\n${clip}${formatTable(header, rows)}${[...found, ...noted].join("")}`;
}

function printPoint(point: StepAndValue | null): string {
  return point === null ? "–" : `${formatNumber(point[1])} @ ${point[0]}`;
}
