import type { Finding } from "#core/finding.ts";
import { formatNumber } from "#core/format.ts";
import type { Surroundings } from "#protocol/dashboard/timeline.ts";
import { t } from "@vscode/l10n";
import { formatTick } from "../../charts/axis.ts";
import type { AxisRange } from "../../charts/axis.ts";
import { decimate, LOWEST_ON_LOG } from "../../charts/decimate.ts";
import type { Horizontal } from "../../charts/horizontal.ts";
import type { StepRange } from "../../charts/viewport.ts";
import { linesOf, LOG_ROLES } from "../run.ts";
import type { Role, ShownRun } from "../run.ts";
import type { PanelsAt } from "./drawing.ts";
import type { OtherRun } from "./otherRuns.ts";
import type { PanelSpec } from "./panelSet.ts";
import { ONE_OF_MANY, ROLES } from "./roles.ts";
import type { Level, Rule, Scene, SceneLine } from "./scene.ts";
import type { Smoother } from "./smoother.ts";

/** Everything the charts show, at no particular zoom. */
export interface TimelinePicture {
  readonly run: ShownRun;
  readonly chosen: Finding | undefined;
  readonly surroundings: Surroundings | undefined;
  readonly horizontal: Horizontal;
  readonly others: readonly OtherRun[];
  readonly isSideBySide: boolean;
  readonly smoothing: number;
}

const ALL_STEPS: StepRange = { min: -Infinity, max: Infinity };
/** What is noisy. A schedule has nothing to smooth. */
const SMOOTHED: ReadonlySet<Role> = new Set(["globalNorm", "loss"]);

/** What the panels of a picture show at each zoom; what no zoom changes is worked out once. */
export function panelsOf(picture: TimelinePicture, smoother: Smoother): PanelsAt {
  const panels = wholePanels(picture, smoother);
  return (range) => panels.map((spec) => ({ ...spec, scene: { ...spec.scene, range } }));
}

function wholePanels(picture: TimelinePicture, smoother: Smoother): readonly PanelSpec[] {
  const { run, others, horizontal, isSideBySide } = picture;
  const empty: Scene = {
    lines: [],
    range: ALL_STEPS,
    axis: run.axis,
    horizontal,
    findings: run.findings,
    chosen: picture.chosen,
    levels: [],
    band: undefined,
    shaded: [],
    rules: rulesOf(picture.surroundings),
    shared: undefined,
  };
  const smoothed = (line: Omit<SceneLine, "smoothed">, isLog: boolean): SceneLine => ({
    ...line,
    smoothed: smoother.smooth(line.curve.current(), picture.smoothing, isLog),
  });
  const otherLines = others.map((other, index) => smoothed({ ...other, slot: index + 1 }, true));
  const own = ROLES.filter(({ role }) => linesOf(run, role).length > 0).map((style) => {
    const isWithOthers = style.isNorm && !isSideBySide;
    const lines = linesOf(run, style.role).map((line) => {
      const name = style.isNorm && others.length > 0 ? run.name : line.name;
      const drawn = { ...line, name, slot: 0 };
      return SMOOTHED.has(style.role) ? smoothed(drawn, LOG_ROLES.has(style.role)) : { ...drawn, smoothed: undefined };
    });
    const scene = { ...empty, lines: isWithOthers ? [...lines, ...otherLines] : lines };
    return { id: style.role, style, scene: style.isNorm ? withNormParts(scene, picture) : scene };
  });
  if (!isSideBySide) {
    return own;
  }
  const shared = sharedRange([...own.flatMap(({ style, scene }) => (style.isNorm ? scene.lines : [])), ...otherLines]);
  const many = otherLines.map((line) => ({
    id: `run ${line.name}`,
    style: ONE_OF_MANY,
    scene: { ...empty, lines: [line], findings: [], rules: [], shared },
  }));
  const withShared = own.map((spec) => (spec.style.isNorm ? { ...spec, scene: { ...spec.scene, shared } } : spec));
  return [...withShared.slice(0, 1), ...many, ...withShared.slice(1)];
}

/** What is drawn around a norm: the clip threshold, the baseline and the warm-up. */
function withNormParts(scene: Scene, { run, surroundings }: TimelinePicture): Scene {
  const { clipThreshold } = run;
  const levels: readonly Level[] =
    clipThreshold !== null && clipThreshold.value > 0
      ? [{ value: clipThreshold.value, label: t("clip {0}", formatNumber(clipThreshold.value)) }]
      : [];
  const shaded = surroundings?.warmUps.map(({ from, until }) => ({ min: from, max: until })) ?? [];
  return { ...scene, levels, band: surroundings, shaded };
}

function rulesOf(surroundings: Surroundings | undefined): readonly Rule[] {
  const resumes = surroundings?.resumes.map((step) => ({ step, label: t("resumed") })) ?? [];
  const changes = surroundings?.rateChanges.map(({ step, from, to }) => {
    return { step, label: t("lr {0} → {1}", formatTick(from), formatTick(to)) };
  });
  return [...resumes, ...(changes ?? [])].toSorted((a, b) => a.step - b.step);
}

/** From the smallest to the largest value of all lines, so that runs side by side have one scale. */
function sharedRange(lines: readonly SceneLine[]): AxisRange {
  const whole = { ...ALL_STEPS, columns: 1 };
  const extents = lines.map(({ curve }) => decimate(curve.current(), whole, LOWEST_ON_LOG));
  return { min: Math.min(...extents.map(({ low }) => low)), max: Math.max(...extents.map(({ high }) => high)) };
}
