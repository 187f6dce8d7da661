import { formatNumber } from "#core/format.ts";
import { medianOfSorted } from "#core/quantile.ts";
import { kendallTau, theilSenSlope } from "#core/trend.ts";
import { t } from "@vscode/l10n";
import type { Shift } from "./levelShift.ts";
import { BLOCK_POINTS } from "./points.ts";
import type { Points } from "./points.ts";
import type { Episode, Rule, SeenPoint } from "./rule.ts";

const BLOCKS = 20;
const ENTER_TAU = 0.6;
const ENTER_RATIO = 2;
const EXIT_RATIO = 1.5;
const WARNING_RATIO = 4;

/** The median of ln‖g‖ over 50 points, and where they are. */
interface Block {
  readonly first: SeenPoint;
  readonly last: SeenPoint;
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
  const logs = new Float64Array(BLOCK_POINTS);
  let filled = 0;
  let first: SeenPoint | undefined;

  function judge(last: Block): void {
    dropShifted();
    const [oldest] = blocks;
    const open = episodes.findLast(({ isOver }) => !isOver);
    const levels = blocks.map(({ level }) => level);
    const isRising = kendallTau(levels) >= ENTER_TAU;
    if (oldest === undefined || (open === undefined && !isRising)) {
      return;
    }
    const size = (theilSenSlope([...levels.keys()], levels) ?? 0) * (BLOCKS - 1);
    const peak = { peak: last, size, from: oldest.level };
    if (open === undefined && isRising && size >= Math.log(ENTER_RATIO)) {
      const [start, confirmed] = [oldest.first.step, last.last.step];
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

  function see(points: Points, place: number): void {
    const log = points.logs[place] ?? Number.NaN;
    if (Number.isNaN(log)) {
      return;
    }
    first ??= points.at(place);
    logs[filled] = log;
    filled += 1;
    if (filled === BLOCK_POINTS) {
      endBlock(first, points.at(place));
      first = undefined;
      filled = 0;
    }
  }

  function endBlock(from: SeenPoint, last: SeenPoint): void {
    const block = { first: from, last, level: medianOfSorted(logs.sort()) ?? Number.NaN };
    blocks.push(block);
    blocks.splice(0, blocks.length - BLOCKS);
    if (blocks.length === BLOCKS && last.isWarm && last.change === undefined) {
      judge(block);
    }
  }

  return {
    push(points) {
      for (let place = 0; place < points.length; place += 1) {
        see(points, place);
      }
    },
    episodes: () => episodes.filter((growth) => !isShifted(growth)).map(describe),
  };
}

function describe({ start, peak, size, from, last, isOver }: Growth): Episode {
  const ratio = Math.exp(size);
  return {
    rule: "GN204",
    severity: ratio >= WARNING_RATIO ? "warning" : "info",
    start,
    peak: peak.last.step,
    end: isOver ? last.last.step : null,
    value: Math.exp(peak.level),
    limit: Math.exp(from + Math.log(ENTER_RATIO)),
    message: t(
      "Gradient norm grew {0}× over the {1} points up to step {2}.",
      formatNumber(ratio),
      BLOCK_POINTS * BLOCKS,
      peak.last.step,
    ),
    line: peak.last.line,
  };
}
