import type { EngineReport } from "#core/device.ts";
import type { Finding } from "#core/finding.ts";
import { RULES } from "#core/rules.ts";
import type { Run } from "#store/run.ts";
import { describeSpeed, explainChoice } from "./engineText.ts";
import { withoutPlaces } from "./privacy.ts";
import type { Person } from "./privacy.ts";
import type { WorkerState } from "#client/workerSlot.ts";

export interface ReportFacts {
  /** What runs where: name and value. */
  readonly versions: readonly (readonly [what: string, value: string])[];
  /** A text says why the engines are not known. */
  readonly engines: EngineReport | string;
  readonly worker: WorkerState;
  /** Those that differ from their default. */
  readonly settings: readonly { readonly name: string; readonly value: unknown }[];
  readonly runs: readonly RunFacts[];
  readonly nowMs: number;
  /** Whose names must not stand in the report. */
  readonly person: Person;
}

/** A run without its name, which is that of a folder. */
export interface RunFacts {
  readonly logs: readonly string[];
  readonly series: number;
  readonly points: number;
  readonly checkpoints: number;
  readonly computed: number;
  readonly findings: readonly Finding["rule"][];
}

export function factsOf(run: Run, findings: readonly Finding[]): RunFacts {
  const series = run.series();
  return {
    logs: run.logs().map(({ format }) => format),
    series: series.length,
    points: series.reduce((sum, one) => sum + one.count(), 0),
    checkpoints: run.checkpoints().length,
    computed: [...run.summaries.values()].filter(({ tensors }) => tensors.size > 0).length,
    findings: findings.map(({ rule }) => rule),
  };
}

/** The report as Markdown, to be pasted into an issue: facts only, nothing that tells who or where. */
export function describeReport(facts: ReportFacts): string {
  const { person, runs, settings, versions } = facts;
  const sections = [
    ["# Gradlens diagnostics report", "Without names of users, folders and runs."],
    ["## Environment", table(["what", "value"], [...versions, ...workerRows(facts)])],
    ["## Engines", ...engineSection(facts)],
    ["## Settings that differ from their default", settings.length === 0 ? "None." : settingsTable(settings, person)],
    ["## Followed runs", runs.length === 0 ? "None." : runsTable(runs)],
  ];
  return `${sections.flat().join("\n\n")}\n`;
}

function workerRows({ worker, nowMs, person }: ReportFacts): (readonly [string, string])[] {
  const { isRunning, lastCrash, restarts } = worker;
  const crash =
    lastCrash === null
      ? "none"
      : `${withoutPlaces(lastCrash.reason, person)}, ${Math.round((nowMs - lastCrash.atMs) / 1000)} s ago`;
  return [
    ["Worker", isRunning ? "running" : "not running; it starts with the next request"],
    ["Worker restarts", String(restarts)],
    ["Last failure of the worker", crash],
  ];
}

function engineSection({ engines, person }: ReportFacts): string[] {
  if (typeof engines === "string") {
    return [`They are not known: ${escape(withoutPlaces(engines, person))}`];
  }
  const rows = engines.rates.map((rate) => [rate.name, rate.device, withoutPlaces(describeSpeed(rate), person)]);
  return [explainChoice(engines), table(["engine", "device", "float32 in memory"], rows)];
}

function settingsTable(settings: ReportFacts["settings"], person: Person): string {
  const rows = settings.map(({ name, value }) => [name, withoutPlaces(JSON.stringify(value ?? null), person)]);
  return table(["setting", "value"], rows);
}

function runsTable(runs: readonly RunFacts[]): string {
  const header = ["run", "logs", "series", "points", "checkpoints", "with norms", "findings"];
  const rows = runs.map(({ logs, series, points, checkpoints, computed, findings }, index) => [
    String(index + 1),
    logs.length === 0 ? "none" : logs.join(", "),
    ...[series, points, checkpoints, computed].map(String),
    countRules(findings),
  ]);
  return table(header, rows);
}

function countRules(rules: RunFacts["findings"]): string {
  const counts = [...new Set(rules)]
    .toSorted()
    .map((rule) => `${rules.filter((one) => one === rule).length} × ${rule} ${RULES[rule].name}`);
  return counts.length === 0 ? "none" : counts.join(", ");
}

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  return [header, header.map(() => "---"), ...rows].map((row) => `| ${row.map(escape).join(" | ")} |`).join("\n");
}

/** Text that Markdown shows as it is, in one line. */
function escape(text: string): string {
  return text.replaceAll(/\s+/g, " ").replaceAll(/[|<`*_\\]/g, String.raw`\$&`);
}
