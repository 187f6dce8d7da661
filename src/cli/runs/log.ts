import { basename } from "node:path";
import process from "node:process";
import { clipStateOf } from "#analysis/clipping/clipState.ts";
import type { ClipState } from "#analysis/clipping/clipState.ts";
import { checkRun } from "#analysis/consistency/ofRun.ts";
import type { Suspicion } from "#analysis/consistency/suspicion.ts";
import type { Finding } from "#core/finding.ts";
import { formatNumber } from "#core/format.ts";
import type { Numbers } from "#core/numbers.ts";
import { toJson } from "#core/json.ts";
import type { ClipThreshold } from "#core/log.ts";
import { ignores, rulesOf } from "#core/config.ts";
import type { LogFile } from "#core/run.ts";
import type { SeriesKey } from "#core/series.ts";
import { countNonFinite } from "#store/columns/bucket.ts";
import type { SourcedSeries } from "#store/joined.ts";
import { describeEmpty } from "./emptyRun.ts";
import { judgeRun } from "./judgeRun.ts";
import { loadRuns } from "./loadRuns.ts";
import type { LoadedRun } from "./loadRuns.ts";
import { suspiciousPairs } from "./suspicions.ts";
import { formatTable } from "../text/table.ts";
import { describeUnreadable } from "../text/unreadableText.ts";
import { parsePatterns } from "../patterns.ts";
import { parseCommand } from "../usage.ts";
import { printable, printableLines } from "../text/terminalText.ts";

export const LOG_OPTIONS = {
  json: { type: "boolean" },
  values: { type: "boolean" },
  pattern: { type: "string", multiple: true },
  config: { type: "string" },
} as const;

type StepAndValue = readonly [step: number, value: number];

interface SeriesDocument extends SeriesKey {
  /** The log it is read from; of several that follow each other the last. */
  readonly source: string;
  readonly points: number;
  readonly segments: number;
  readonly first: StepAndValue | null;
  readonly last: StepAndValue | null;
  /** Smallest and largest finite value with its step; null when no value is finite. */
  readonly min: StepAndValue | null;
  readonly max: StepAndValue | null;
  readonly nonFinite: number;
  /** Half a unit of the last digit printed, where values were printed with few. */
  readonly resolution?: number;
  readonly steps?: Numbers;
  readonly values?: Numbers;
}

interface RunDocument {
  readonly id: string;
  readonly name: string;
  readonly sources: readonly LogFile[];
  readonly clipThreshold: ClipThreshold | null;
  readonly clipState: ClipState;
  readonly series: readonly SeriesDocument[];
  readonly findings: readonly Finding[];
  /** Reasons to doubt that the logged number is the norm of the whole gradient. */
  readonly suspicions: readonly Suspicion[];
  /** What is to be known of the logs, in sentences. */
  readonly notes: readonly string[];
}

export async function runLog(args: readonly string[], signal: AbortSignal): Promise<number> {
  const { values: options, paths } = parseCommand(args, LOG_OPTIONS);
  const { runs, unreadable, isIncomplete } = await loadRuns(paths, {
    signal,
    customPatterns: parsePatterns(options.pattern ?? []),
    configPath: options.config,
  });
  const empty = runs.flatMap(({ run }) => describeEmpty(run) ?? []);
  const lost = empty.filter(({ mayGrow }) => !mayGrow).map(({ why }) => why);
  const isLost = lost.length > 0 && lost.length === runs.length;
  const documents = runs.map((loaded) => describeRun(loaded, options.values === true));
  const betweenRuns = suspiciousPairs(runs.map(({ run }) => run));
  if (options.json === true) {
    process.stdout.write(
      `${toJson({ schema: "gradlens/log@1", runs: documents, betweenRuns, unreadable: [...lost, ...unreadable] }, 2)}\n`,
    );
  } else {
    const shown = documents.filter(({ series }) => series.length > 0);
    process.stdout.write(printableLines(shown.map(toText).join("\n")));
    process.stdout.write(printableLines(betweenRuns.map(({ sentence }) => `\n${sentence}\n`).join("")));
  }
  const lines = [...empty.map(({ why }) => printable(why.reason)), ...describeUnreadable(unreadable)];
  lines.forEach((line) => process.stderr.write(`gradlens: ${line}\n`));
  return isIncomplete || isLost ? 2 : 0;
}

function describeRun({ run, config }: LoadedRun, withValues: boolean): RunDocument {
  const norms = run.first("globalNorm");
  const clipThreshold = run.clipThreshold();
  return {
    id: run.id,
    name: basename(run.id),
    sources: run.logs().map(({ path, format }) => ({ path, format })),
    clipThreshold,
    clipState: clipStateOf(norms?.values() ?? [], { threshold: clipThreshold?.value, resolution: norms?.resolution() }),
    series: run.series().map((series) => describeSeries(series, withValues)),
    findings: judgeRun(run, rulesOf(config)).filter((finding) => !ignores(config, finding)),
    suspicions: checkRun(run),
    notes: run.notes(),
  };
}

function describeSeries(series: SourcedSeries, withValues: boolean): SeriesDocument {
  const { name, kind, tensor, ...unit } = series.key;
  const resolution = series.resolution();
  const [steps, values] = [series.steps(), series.values()];
  const at = (index: number): StepAndValue | null => {
    const [step, value] = [steps[index], values[index]];
    return step === undefined || value === undefined ? null : [step, value];
  };
  return {
    name,
    kind,
    tensor,
    ...unit,
    source: series.path,
    points: series.count(),
    segments: series.segments(),
    first: at(0),
    last: at(values.length - 1),
    min: at(indexOfBest(values, (value, best) => value < best)),
    max: at(indexOfBest(values, (value, best) => value > best)),
    nonFinite: countNonFinite(series.counts()),
    ...(resolution === undefined ? {} : { resolution }),
    ...(withValues ? { steps, values } : {}),
  };
}

/** Index of the best finite value; -1 when there is none. */
function indexOfBest(values: Numbers, isBetter: (value: number, best: number) => boolean): number {
  let best = -1;
  values.forEach((value, index) => {
    if (Number.isFinite(value) && (best === -1 || isBetter(value, values[best] ?? Number.NaN))) {
      best = index;
    }
  });
  return best;
}

function toText({ id, series, findings, suspicions, clipThreshold, clipState, notes }: RunDocument): string {
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
