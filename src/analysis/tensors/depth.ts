import { medianOfSorted } from "#core/quantile.ts";
import { depthFindings, depthProfiles } from "../checkpoints/depthProfile.ts";
import type { ElementsOf } from "./dominance.ts";
import type { Roster } from "./roster.ts";
import type { JudgedRow, TensorEpisode, TensorRule } from "./tensorRow.ts";

/** Judged once per so many rows, by the median of each tensor over them. */
const WINDOW = 50;

type Trend = ReturnType<typeof depthFindings>[number];

/** Windows one after the other that have a trend. */
interface Slope {
  readonly start: number;
  readonly line: number;
  /** The last step of the windows with the trend. */
  last: number;
  isOver: boolean;
  peak: number;
  trend: Trend;
}

interface Known {
  readonly rows: readonly JudgedRow[];
  readonly slopes: readonly Slope[];
  readonly seen: number;
  /** Whether the elements of some tensor were known when the window began. */
  readonly isComparable: boolean;
}

const NOTHING: Known = { rows: [], slopes: [], seen: 0, isComparable: false };

/**
 * GN303: the gradient's RMS changes by orders of magnitude from the first block to the last. Where it is not known how
 * many elements the tensors have, norms of different tensors do not compare, and the rule says nothing.
 */
export function createDepthRule(roster: Roster, elementsOf: ElementsOf, known: Known = NOTHING): TensorRule {
  const rows = [...known.rows];
  let { seen, isComparable } = known;
  const slopes = known.slopes.map((slope) => ({ ...slope }));

  function push(row: JudgedRow): void {
    if (!Number.isFinite(row.total)) {
      return;
    }
    if (seen % WINDOW === 0) {
      isComparable = row.tensors.some((tensor) => elementsOf(roster.nameOf(tensor)) !== undefined);
    }
    seen += 1;
    if (isComparable) {
      rows.push(row);
    }
    if (seen % WINDOW === 0) {
      judge(slopes, rows, { roster, elementsOf });
      rows.length = 0;
    }
  }

  return {
    push,
    episodes: () => slopes.map(describe),
    copy: () => createDepthRule(roster, elementsOf, { rows, slopes, seen, isComparable }),
  };
}

interface Model {
  readonly roster: Roster;
  readonly elementsOf: ElementsOf;
}

function judge(slopes: Slope[], rows: readonly JudgedRow[], model: Model): void {
  const [first, last] = [rows[0], rows.at(-1)];
  const [trend] = depthFindings(depthProfiles(mediansOf(rows, model)));
  const open = slopes.findLast(({ isOver }) => !isOver);
  if (trend === undefined || first === undefined || last === undefined) {
    Object.assign(open ?? {}, { isOver: true });
  } else if (open === undefined) {
    const [line = 0] = last.lines;
    slopes.push({ start: first.step, line, last: last.step, isOver: false, peak: last.step, trend });
  } else {
    const isSteeper = Math.abs(trend.value) > Math.abs(open.trend.value);
    Object.assign(open, { last: last.step, ...(isSteeper && { trend, peak: last.step }) });
  }
}

function mediansOf(
  rows: readonly JudgedRow[],
  { roster, elementsOf }: Model,
): { name: string; norm: number; elements: number }[] {
  const norms = new Map<number, number[]>();
  for (const row of rows) {
    row.tensors.forEach((tensor, index) => {
      const own = norms.get(tensor) ?? [];
      norms.set(tensor, own);
      own.push(row.norms[index] ?? Number.NaN);
    });
  }
  return Array.from(norms, ([tensor, own]) => ({ name: roster.nameOf(tensor), own })).flatMap(({ name, own }) => {
    const [norm, elements] = [medianOfSorted(own.toSorted((a, b) => a - b)), elementsOf(name)];
    return norm === undefined || elements === undefined ? [] : [{ name, norm, elements }];
  });
}

function describe({ trend, ...slope }: Slope): TensorEpisode {
  return {
    rule: "GN303",
    severity: trend.severity,
    tensors: [],
    start: slope.start,
    peak: slope.peak,
    end: slope.isOver ? slope.last : null,
    value: trend.value,
    limit: trend.limit,
    message: trend.message,
    line: slope.line,
  };
}
