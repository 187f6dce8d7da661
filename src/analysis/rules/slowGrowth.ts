import { formatNumber } from "#core/format.ts";
import { medianOfSorted } from "#core/quantile.ts";
import { kendallTau, theilSenSlope } from "#core/trend.ts";
import type { Axis } from "#core/series.ts";
import { stepName } from "#l10n/stepName.ts";
import { t } from "@vscode/l10n";
import type { Shift } from "./levelShift.ts";
import { BLOCK_POINTS } from "../points/points.ts";
import type { Points } from "../points/points.ts";
import type { Episode, Rule } from "./rule.ts";

const BLOCKS = 20;
const ENTER_TAU = 0.6;
const ENTER_RATIO = 2;
const EXIT_RATIO = 1.5;
const WARNING_RATIO = 4;
// Of 190 slopes between 20 levels 85 are over five blocks or fewer. Where the median slope makes ln 2 of 19 blocks, one over
// six or more does, so the levels are 6/19 · ln 2 apart or more.
const LEAST_RANGE = 0.3 * Math.log(ENTER_RATIO);

/** The median of ln‖g‖ over 50 points, and where they are. */
interface Block {
  readonly firstStep: number;
  readonly lastStep: number;
  readonly lastLine: number;
  readonly axis: Axis | undefined;
  readonly level: number;
}

interface Growth {
  readonly start: number;
  /** Last step of the window that opened it. */
  readonly confirmed: number;
  peak: Block;
  /** ln of the growth over the window, where it was largest. */
  size: number;
  /** Level of the first block of that window. */
  from: number;
  last: Block;
  isOver: boolean;
}

/**
 * GN204: over the last 1000 points the medians of 20 blocks rise steadily, by a factor of 2 in all. A shift of level in
 * the window would make them do so as well, and is told by its own rule.
 */
export function createSlowGrowthRule({ shifts }: { readonly shifts: () => readonly Shift[] }): Rule {
  const episodes: Growth[] = [];
  const blocks: Block[] = [];

  function take(block: Block, isSteady: boolean): void {
    blocks.push(block);
    blocks.splice(0, blocks.length - BLOCKS);
    const [oldest] = blocks;
    if (oldest !== undefined && blocks.length === BLOCKS && isSteady) {
      dropShifted();
      judge(oldest, block);
    }
  }

  function judge(oldest: Block, last: Block): void {
    const open = episodes.findLast(({ isOver }) => !isOver);
    const levels = blocks.map(({ level }) => level);
    if (open === undefined && !doRise(levels)) {
      return;
    }
    const size = (theilSenSlope([...levels.keys()], levels) ?? 0) * (BLOCKS - 1);
    const peak = { peak: last, size, from: oldest.level };
    if (open === undefined && size >= Math.log(ENTER_RATIO)) {
      const [start, confirmed] = [oldest.firstStep, last.lastStep];
      episodes.push({ start, confirmed, ...peak, last, isOver: false });
    } else if (open !== undefined && size < Math.log(EXIT_RATIO)) {
      open.isOver = true;
    } else if (open !== undefined) {
      Object.assign(open, size > open.size ? peak : {}, { last });
    }
  }

  const isShifted = ({ start, confirmed }: Growth): boolean =>
    shifts().some((shift) => shift.start <= confirmed && (shift.end ?? Infinity) >= start);

  /** A shift is confirmed after it began, so an episode may turn out to be one. */
  function dropShifted(): void {
    const newest = episodes.at(-1);
    if (newest !== undefined && isShifted(newest)) {
      episodes.pop();
    }
  }

  return {
    push: createBlocks(take),
    episodes: () => episodes.filter((growth) => !isShifted(growth)).map(describe),
  };
}

/** Cuts a segment's finite positive norms into blocks of 50; `isSteady` says that nothing moves norms at the block's end. */
function createBlocks(take: (block: Block, isSteady: boolean) => void): Rule["push"] {
  const logs = new Float64Array(BLOCK_POINTS);
  let filled = 0;
  let firstStep = Number.NaN;

  function see(points: Points, place: number): void {
    const log = points.logs[place] ?? Number.NaN;
    if (Number.isNaN(log)) {
      return;
    }
    const step = points.steps[place] ?? Number.NaN;
    firstStep = filled === 0 ? step : firstStep;
    logs[filled] = log;
    filled += 1;
    if (filled === BLOCK_POINTS) {
      logs.sort();
      const block = { firstStep, lastStep: step, lastLine: points.lines[place] ?? 0, axis: points.at(place).axis };
      const isSteady = points.areWarm[place] === 1 && points.changes[place] === undefined;
      take({ ...block, level: medianOfSorted(logs) ?? Number.NaN }, isSteady);
      filled = 0;
    }
  }

  return (points) => {
    for (let place = 0; place < points.length; place += 1) {
      see(points, place);
    }
  };
}

/** The cheapest question first: it is asked of every block. */
function doRise(levels: readonly number[]): boolean {
  return Math.max(...levels) - Math.min(...levels) >= LEAST_RANGE && kendallTau(levels) >= ENTER_TAU;
}

function describe({ start, peak, size, from, last, isOver }: Growth): Episode {
  const ratio = Math.exp(size);
  return {
    rule: "GN204",
    severity: ratio >= WARNING_RATIO ? "warning" : "info",
    start,
    peak: peak.lastStep,
    end: isOver ? last.lastStep : null,
    value: Math.exp(peak.level),
    limit: Math.exp(from + Math.log(ENTER_RATIO)),
    message: t(
      "Gradient norm grew {0}× over the {1} points up to {2}.",
      formatNumber(ratio),
      BLOCK_POINTS * BLOCKS,
      stepName(peak.lastStep, peak.axis),
    ),
    line: peak.lastLine,
  };
}
