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
import type { NamedCurve } from "./background.ts";
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
  /** Further norms of the run. */
  readonly norms: readonly NamedCurve[];
  readonly others: readonly NamedCurve[];
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
  const { run, norms, others, horizontal, isSideBySide } = picture;
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
  const otherLines = others.map((other, index) =>
    smoothed({ ...other, judgedAs: undefined, slot: norms.length + index + 1 }, true),
  );
  const nameOf = (norm: string): string => nameAmong(picture, norm);
  const further = norms.map((norm, index) =>
    smoothed({ ...norm, name: nameOf(norm.name), judgedAs: norm.name, slot: index + 1 }, true),
  );
  const own = ROLES.filter(({ role }) => linesOf(run, role).length > 0).map((style) => {
    const isWithOthers = style.isNorm && !isSideBySide;
    const lines = linesOf(run, style.role).map((line) => {
      const name = style.isNorm ? nameOf(line.name) : line.name;
      const drawn = { ...line, name, judgedAs: style.isNorm ? null : undefined, slot: 0 };
      return SMOOTHED.has(style.role) ? smoothed(drawn, LOG_ROLES.has(style.role)) : { ...drawn, smoothed: undefined };
    });
    const added = style.isNorm ? [...further, ...(isWithOthers ? otherLines : [])] : [];
    const scene = { ...empty, lines: [...lines, ...added] };
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

/** Beside other runs a norm says whose it is, and its own name where the run has several on screen. */
function nameAmong({ run, norms, others }: TimelinePicture, name: string): string {
  if (others.length === 0) {
    return name;
  }
  return norms.length === 0 ? run.name : t("{0}: {1}", run.name, name);
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
