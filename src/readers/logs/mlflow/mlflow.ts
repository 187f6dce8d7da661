import type { ClipThreshold } from "#core/log.ts";
import { t } from "@vscode/l10n";
import { readCarry } from "../shared/carry.ts";
import { forEachLine } from "../shared/lines.ts";
import { asSeriesCarry, createMlflowSeries } from "./series.ts";
import type { MlflowRow } from "./series.ts";
import { parseNumber } from "../shared/numbers.ts";
import { createProblemList } from "#core/problems.ts";
import type { ProblemList } from "#core/problems.ts";
import type { FileText, FolderReader, ParsedFolder } from "../reader.ts";
import { thresholdFrom, thresholdKeyOf } from "../settings/thresholds.ts";

const METRICS = "metrics";
const PARAMETERS = "params";

/** A run in MLflow's file store: `metrics/<key>` with a line `<ms> <value> <step>` for every sample. */
export const mlflow: FolderReader = {
  format: "mlflow",
  growth: "byFolder",
  recognises: (names) => ["meta.yaml", METRICS, PARAMETERS].every((name) => names.includes(name)),
  folders: [METRICS, PARAMETERS],
  growthOf(path) {
    if (path.startsWith(`${METRICS}/`)) {
      return "byLines";
    }
    return thresholdKeyOf(path) === "never" ? "unread" : "byReplacement";
  },
  parse,
};

function parse(files: readonly FileText[], carry: string): ParsedFolder {
  const problems = createProblemList();
  const earlier = readCarry(carry);
  const series = createMlflowSeries((key) => asSeriesCarry(earlier[key]), problems);
  let clipThreshold: ClipThreshold | null = null;
  for (const file of files) {
    if (file.path.startsWith(`${METRICS}/`)) {
      const key = file.path.slice(METRICS.length + 1);
      series.add(key, rowsOf(file, problems), file.path);
    } else {
      clipThreshold ??= thresholdIn(file);
    }
  }
  const { chunks, carries, isLate } = series.finish();
  return {
    chunks,
    clipThreshold,
    isLate,
    carry: JSON.stringify({ ...earlier, ...carries }),
    problems: problems.finish(),
  };
}

function rowsOf({ path, text, firstLine }: FileText, problems: ProblemList): MlflowRow[] {
  const rows: MlflowRow[] = [];
  forEachLine(text, firstLine, (line, number) => {
    // What newer versions write behind the step tells which data set and model it was.
    const [time, value, step] = line.replaceAll("\0", "").trim().split(/\s+/);
    if (time === "") {
      return;
    }
    const [timeMs, parsed, atStep] = [Number(time), parseNumber(value ?? ""), Number(step ?? "0")];
    if (parsed === undefined || !Number.isFinite(timeMs) || !Number.isFinite(atStep)) {
      problems.add(number, t('{0}: the line is not "<time> <value> <step>".', path));
    } else {
      rows.push({ time: timeMs, value: parsed, step: atStep, line: number });
    }
  });
  return rows;
}

function thresholdIn({ path, text }: FileText): ClipThreshold | null {
  const threshold = thresholdFrom(parseNumber(text), { name: path, line: 0 });
  return threshold === null ? null : { ...threshold, source: path };
}
