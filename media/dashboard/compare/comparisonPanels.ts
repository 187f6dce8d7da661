import type { Axis } from "#core/series.ts";
import type { Comparison } from "#protocol/dashboard/compare.ts";
import { t } from "@vscode/l10n";
import { LOWEST_ON_LOG } from "../../charts/decimate.ts";
import { offScale } from "../../charts/gutters.ts";
import { BY_STEP } from "../../charts/horizontal.ts";
import { createCurve } from "../../charts/segments.ts";
import type { Points } from "../../charts/segments.ts";
import type { StepColumn } from "../../charts/stepColumns.ts";
import type { StepRange } from "../../charts/viewport.ts";
import { normLine } from "../run.ts";
import type { ShownRun } from "../run.ts";
import type { PanelsAt } from "../timeline/drawing.ts";
import type { PanelSpec } from "../timeline/panelSet.ts";
import type { PanelStyle } from "../timeline/roles.ts";
import type { Scene, SceneLine } from "../timeline/scene.ts";

/** The curves of a comparison, ready to draw. */
export interface ComparedCurves {
  readonly other: DrawableCurve;
  readonly ratio: DrawableCurve;
  readonly steps: StepRange | undefined;
}

const NOT_JUDGED = { judgedAs: undefined, smoothed: undefined } as const;

type DrawableCurve = Pick<SceneLine, "curve" | "off">;

export interface RunNames {
  readonly own: string;
  readonly other: string;
  /** What their steps count, when it is not optimizer steps. */
  readonly axis?: Axis | undefined;
}

const NORMS: PanelStyle = {
  title: t("Gradient norm"),
  height: 180,
  isLog: true,
  colour: "globalNorm",
  gutters: "both",
  isNorm: true,
};
const RATIO: PanelStyle = {
  title: t("Ratio"),
  height: 170,
  isLog: true,
  colour: "learningRate",
  gutters: "none",
  isNorm: false,
};

export function curvesOf({ steps, values, ratioSteps, ratios }: Comparison): ComparedCurves {
  const [min, max] = [Math.min(...ends(steps)), Math.max(...ends(steps))];
  return {
    other: curveOf({ steps, values }),
    ratio: curveOf({ steps: ratioSteps, values: ratios }),
    steps: min < max ? { min, max } : undefined,
  };
}

/** A comparison with what its pictures need. */
export interface ShownComparison {
  readonly run: ShownRun;
  readonly comparison: Comparison;
  readonly curves: ComparedCurves;
  readonly names: RunNames;
}

/** The same as columns. */
export function comparisonColumns({ run, curves, names }: ShownComparison): readonly StepColumn[] {
  const own = normLine(run);
  return [
    ...(own === undefined ? [] : [{ name: names.own, points: own.curve.current() }]),
    { name: names.other, points: curves.other.curve.current() },
    { name: `${names.other} / ${names.own}`, points: curves.ratio.curve.current() },
  ];
}

/** Both norms on one axis, and below them the other's norm divided by this one's, with the factors that mean something. */
export function comparisonPanels(what: ShownComparison): PanelsAt {
  return (range) => panelsAt(what, range);
}

function panelsAt({ run, comparison, curves, names }: ShownComparison, range: StepRange): readonly PanelSpec[] {
  const { divergence, marks } = comparison;
  const own = normLine(run);
  const other: SceneLine = { ...curves.other, name: names.other, ...NOT_JUDGED, slot: 1 };
  const scene: Scene = {
    lines: own === undefined ? [other] : [{ ...own, name: names.own, ...NOT_JUDGED, slot: 0 }, other],
    range,
    axis: names.axis,
    horizontal: BY_STEP,
    findings: [],
    chosen: undefined,
    levels: [],
    band: undefined,
    shaded: [],
    rules: divergence === null ? [] : [{ step: divergence.step, label: t("first difference") }],
    shared: undefined,
  };
  const ratio = { ...curves.ratio, name: `${names.other} / ${names.own}`, ...NOT_JUDGED, slot: 0 };
  const levels = marks.map(({ value, text }) => ({ value, label: text }));
  const norms: PanelSpec = { id: "norms", style: NORMS, scene };
  return comparison.ratio === null
    ? [norms]
    : [norms, { id: "ratio", style: RATIO, scene: { ...scene, lines: [ratio], levels } }];
}

function curveOf(points: Points): DrawableCurve {
  const curve = createCurve(LOWEST_ON_LOG);
  curve.append(points);
  return { curve, off: offScale(curve.current()) };
}

function ends(steps: Float64Array): readonly number[] {
  return [steps[0], steps.at(-1)].filter((step) => step !== undefined);
}
