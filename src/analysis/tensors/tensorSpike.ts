import { formatNumber } from "#core/format.ts";
import { stepName } from "#l10n/stepName.ts";
import { t } from "@vscode/l10n";
import type { Roster } from "./roster.ts";
import { createTensorNumbers } from "./tensorNumbers.ts";
import type { TensorNumbers } from "./tensorNumbers.ts";
import type { JudgedRow, TensorEpisode, TensorRule } from "./tensorRow.ts";

const ENTER_RATIO = 5;
const EXIT_RATIO = 2;
const EXIT_POINTS = 10;
const LEAST_RISE = 0.2;
/** An exponential average with the factor 0.98: of about the last 50 points. */
const AVERAGED_POINTS = 50;

interface Spike {
  readonly tensor: number;
  readonly start: number;
  peak: number;
  line: number;
  value: number;
  /** Times its usual norm, and the global norm times its own. */
  ratio: number;
  globalRatio: number;
  limit: number;
  share: number;
  shareBefore: number;
  lastStep: number;
  calm: number;
}

/** Running averages of each tensor over the rows that have nearly all tensors. */
interface Usual {
  readonly points: TensorNumbers;
  readonly norm: TensorNumbers;
  readonly share: TensorNumbers;
}

interface Known {
  readonly usual: Usual;
  readonly spikes: readonly Spike[];
  /** The newest spike of a tensor, as long as it goes on. */
  readonly open: ReadonlyMap<number, Spike>;
  readonly global: { readonly points: number; readonly norm: number };
}

/** GN305: a tensor's norm exceeds 5 times its running average, and its share of the squared global norm rises by 0.2. */
export function createTensorSpikeRule(roster: Roster, known?: Known): TensorRule {
  const spikes = known?.spikes.map((spike) => ({ ...spike })) ?? [];
  const open = new Map<number, Spike>();
  known?.spikes.forEach((spike, index) => {
    const twin = spikes[index];
    if (twin !== undefined && known.open.get(spike.tensor) === spike) {
      open.set(spike.tensor, twin);
    }
  });
  const { points, norm: norms, share: shares } = copyOf(known?.usual);
  const global = { ...(known?.global ?? { points: 0, norm: 0 }) };

  function push(row: JudgedRow): void {
    if (!row.isWhole || !(row.total > 0) || !Number.isFinite(row.total)) {
      return;
    }
    const globalNorm = Math.sqrt(row.total);
    const globalRatio = globalNorm / global.norm;
    row.tensors.forEach((tensor, index) => {
      const own = { points: points.of(tensor), norm: norms.of(tensor), share: shares.of(tensor) };
      const norm = row.norms[index] ?? 0;
      const share = norm ** 2 / row.total;
      const spike = open.get(tensor);
      if (spike !== undefined || isSpike(own, norm, share)) {
        judge(own, spike, { tensor, norm, share, globalRatio, step: row.step, line: row.lines[index] ?? 0 });
      }
      average(own, norm);
      points.set(tensor, own.points);
      norms.set(tensor, own.norm);
      shares.add(tensor, (share - own.share) * weightAt(own.points));
    });
    average(global, globalNorm);
  }

  function judge(own: Average, spike: Spike | undefined, moment: Moment): void {
    if (spike === undefined) {
      const begun = newSpike(own, moment);
      open.set(moment.tensor, begun);
      spikes.push(begun);
    } else if (isOver(spike, own, moment)) {
      open.delete(moment.tensor);
    }
  }

  return {
    push,
    episodes: () => spikes.map((spike) => describe(spike, roster)),
    copy: () => createTensorSpikeRule(roster, { usual: { points, norm: norms, share: shares }, spikes, open, global }),
  };
}

function copyOf(usual: Usual | undefined): Usual {
  return {
    points: usual?.points.copy() ?? createTensorNumbers(),
    norm: usual?.norm.copy() ?? createTensorNumbers(),
    share: usual?.share.copy() ?? createTensorNumbers(),
  };
}

interface Average {
  points: number;
  norm: number;
  readonly share: number;
}

function isSpike(own: Average, norm: number, share: number): boolean {
  return (
    own.points >= AVERAGED_POINTS && norm > ENTER_RATIO * own.norm && own.norm > 0 && share - own.share >= LEAST_RISE
  );
}

/** What is too large counts as 5 times the average, as AdaGC does it: else one spike would hide the next. */
function average(own: { points: number; norm: number }, norm: number): void {
  const isFirst = own.points < AVERAGED_POINTS || own.norm === 0;
  own.points += 1;
  own.norm += ((isFirst ? norm : Math.min(norm, ENTER_RATIO * own.norm)) - own.norm) * weightAt(own.points);
}

/** A plain mean until there are enough points. */
function weightAt(points: number): number {
  return 1 / Math.min(points, AVERAGED_POINTS);
}

interface Moment {
  readonly tensor: number;
  readonly norm: number;
  readonly share: number;
  readonly globalRatio: number;
  readonly step: number;
  readonly line: number;
}

function newSpike(own: Average, { tensor, norm, share, globalRatio, step, line }: Moment): Spike {
  return {
    tensor,
    start: step,
    peak: step,
    line,
    value: norm,
    ratio: norm / own.norm,
    globalRatio,
    limit: ENTER_RATIO * own.norm,
    share,
    shareBefore: own.share,
    lastStep: step,
    calm: 0,
  };
}

/** Takes a point into a spike; true when it was the last of its calm ones. */
function isOver(spike: Spike, own: Average, { norm, share, globalRatio, step, line }: Moment): boolean {
  if (norm <= EXIT_RATIO * own.norm) {
    spike.calm += 1;
    return spike.calm >= EXIT_POINTS;
  }
  Object.assign(spike, { lastStep: step, calm: 0 });
  if (norm > spike.value) {
    const ratio = (spike.ratio * norm) / spike.value;
    Object.assign(spike, { peak: step, line, value: norm, ratio, globalRatio, share });
  }
  return false;
}

function describe(spike: Spike, roster: Roster): TensorEpisode {
  return {
    rule: "GN305",
    severity: "warning",
    tensors: [spike.tensor],
    start: spike.start,
    peak: spike.peak,
    end: spike.calm >= EXIT_POINTS ? spike.lastStep : null,
    value: spike.value,
    limit: spike.limit,
    message: t(
      "{0} spiked {1}× at {2} while the global norm moved {3}×; its share of the square rose from {4} to {5}.",
      roster.nameOf(spike.tensor),
      times(spike.ratio),
      stepName(spike.peak, roster.axis),
      times(spike.globalRatio),
      percent(spike.shareBefore),
      percent(spike.share),
    ),
    line: spike.line,
  };
}

function times(ratio: number): string {
  return formatNumber(Number(ratio.toPrecision(2)));
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
