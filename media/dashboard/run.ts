import type { Axis } from "#core/series.ts";
import type { Finding } from "#core/finding.ts";
import type { CheckpointMark } from "#protocol/checkpointMark.ts";
import type { ChartSeries, DashboardRun, ToDashboard } from "#protocol/dashboard.ts";
import type { TensorRow } from "#protocol/dashboard/tensorRows.ts";
import { LOWEST_ON_LINEAR, LOWEST_ON_LOG } from "../charts/decimate.ts";
import { offScale } from "../charts/gutters.ts";
import type { OffScale } from "../charts/gutters.ts";
import { countPoints, createCurve } from "../charts/segments.ts";
import type { Curve } from "../charts/segments.ts";
import type { StepRange } from "../charts/viewport.ts";
import { growList, growRows } from "./grow.ts";

export type Role = ChartSeries["role"];

/** Drawn on a logarithmic axis. */
export const LOG_ROLES: ReadonlySet<Role> = new Set(["globalNorm", "lossScale"]);

/** What may change besides the curves. */
export interface RunState {
  readonly findings: readonly Finding[];
  readonly checkpoints: readonly CheckpointMark[];
  readonly tensors: readonly TensorRow[];
}

export type Append = Extract<ToDashboard, { kind: "append" }>;

/** One logged series, ready to draw. */
export interface Line {
  readonly role: Role;
  readonly name: string;
  readonly curve: Curve;
  /** What a log axis cannot show of the curve as it is now. */
  readonly off: OffScale;
}

/** The run on screen. */
export interface ShownRun extends RunState {
  readonly id: string;
  readonly name: string;
  readonly source: string;
  /** What its steps count, when it is not optimizer steps. */
  readonly axis?: Axis;
  readonly clipThreshold: DashboardRun["clipThreshold"];
  /** Its other global norms: their samples are asked for. */
  readonly furtherNorms: DashboardRun["furtherNorms"];
  readonly lines: readonly Line[];
}

export function openRun(run: DashboardRun): ShownRun {
  return { ...run, lines: appendSeries([], run.series) };
}

export function appendToRun(run: ShownRun, { findings, checkpoints, tensors, series }: Append): ShownRun {
  return {
    ...run,
    findings: growList(run.findings, findings),
    checkpoints: growList(run.checkpoints, checkpoints),
    tensors: growRows(run.tensors, tensors),
    lines: appendSeries(run.lines, series),
  };
}

export function linesOf(run: ShownRun, role: Role): readonly Line[] {
  return run.lines.filter((line) => line.role === role);
}

/** The series the global norm is read from: the first that the host names. */
export function normLine(run: ShownRun): Line | undefined {
  return linesOf(run, "globalNorm")[0];
}

/** Whether it logs norms of several models, or before and after clipping: then each is called by its name. */
export function hasSeveralNorms({ furtherNorms }: ShownRun): boolean {
  return furtherNorms.some(({ isApart }) => !isApart);
}

/** Whether there is anything that could be judged. */
export function hasNorms(run: ShownRun): boolean {
  return normLine(run) !== undefined || run.tensors.length > 0;
}

/** From the first to the last step of any line, superseded ones included; of the checkpoints, where no line is. */
export function stepsOf(run: ShownRun): StepRange {
  let min = Infinity;
  let max = -Infinity;
  for (const { curve } of run.lines) {
    for (const { steps } of [curve.current(), ...curve.superseded()]) {
      min = Math.min(min, steps[0] ?? Infinity);
      max = Math.max(max, steps.at(-1) ?? -Infinity);
    }
  }
  const saved = min <= max ? [] : run.checkpoints.flatMap(({ step }) => step ?? []);
  return withRoom(Math.min(min, ...saved), Math.max(max, ...saved));
}

/** A single step has room at both sides. */
function withRoom(min: number, max: number): StepRange {
  if (min === max) {
    return { min: min - 0.5, max: max + 0.5 };
  }
  return min < max ? { min, max } : { min: 0, max: 1 };
}

/** Mean distance between two points of the densest line: the unit in which zooming has a limit. */
export function intervalOf(run: ShownRun): number {
  const densest = run.lines.reduce((most, { curve }) => Math.max(most, countPoints(curve)), 2);
  const { min, max } = stepsOf(run);
  return (max - min) / (densest - 1);
}

function appendSeries(lines: readonly Line[], series: readonly ChartSeries[]): readonly Line[] {
  const grown = [...lines];
  for (const chunk of series) {
    const index = grown.findIndex(({ role, name }) => role === chunk.role && name === chunk.name);
    const curve = grown[index]?.curve ?? createCurve(LOG_ROLES.has(chunk.role) ? LOWEST_ON_LOG : LOWEST_ON_LINEAR);
    curve.append(chunk);
    const line = { role: chunk.role, name: chunk.name, curve, off: offScale(curve.current()) };
    grown.splice(index === -1 ? grown.length : index, 1, line);
  }
  return grown;
}
