import { formatNumber } from "#core/format.ts";
import { t } from "@vscode/l10n";
import type { Roster } from "./roster.ts";
import type { JudgedRow, TensorEpisode, TensorRule } from "./tensorRow.ts";

const ENTER_RATIO = 5;
const EXIT_RATIO = 2;
const EXIT_POINTS = 10;
const LEAST_RISE = 0.2;
/** An exponential average with the factor 0.98: of about the last 50 points. */
const AVERAGED_POINTS = 50;

/** Running averages of one tensor over the rows that have nearly all tensors. */
interface Usual {
  points: number;
  norm: number;
  share: number;
  spike: Spike | undefined;
}

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

interface Known {
  readonly usual: readonly (Usual | undefined)[];
  readonly spikes: readonly Spike[];
  readonly global: { readonly points: number; readonly norm: number };
}

const NOTHING: Known = { usual: [], spikes: [], global: { points: 0, norm: 0 } };

/** GN305: a tensor's norm exceeds 5 times its running average, and its share of the squared global norm rises by 0.2. */
export function createTensorSpikeRule(roster: Roster, known: Known = NOTHING): TensorRule {
  const spikes = known.spikes.map((spike) => ({ ...spike }));
  const twins = new Map(known.spikes.map((spike, index) => [spike, spikes[index]]));
  const usual = known.usual.map((one) => one && { ...one, spike: one.spike && twins.get(one.spike) });
  const global = { ...known.global };

  function push(row: JudgedRow): void {
    if (!row.isWhole || !(row.total > 0) || !Number.isFinite(row.total)) {
      return;
    }
    const globalNorm = Math.sqrt(row.total);
    const globalRatio = globalNorm / global.norm;
    row.tensors.forEach((tensor, index) => {
      const own = (usual[tensor] ??= { points: 0, norm: 0, share: 0, spike: undefined });
      const norm = row.norms[index] ?? 0;
      const share = norm ** 2 / row.total;
      if (own.spike !== undefined) {
        prolong(own, { tensor, norm, share, globalRatio, step: row.step, line: row.lines[index] ?? 0 });
      } else if (isSpike(own, norm, share)) {
        own.spike = newSpike(own, { tensor, norm, share, globalRatio, step: row.step, line: row.lines[index] ?? 0 });
        spikes.push(own.spike);
      }
      average(own, norm);
      own.share += (share - own.share) * weightAt(own.points);
    });
    average(global, globalNorm);
  }

  return {
    push,
    episodes: () => spikes.map((spike) => describe(spike, roster)),
    copy: () => createTensorSpikeRule(roster, { usual, spikes, global }),
  };
}

function isSpike(own: Usual, norm: number, share: number): boolean {
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

function newSpike(own: Usual, { tensor, norm, share, globalRatio, step, line }: Moment): Spike {
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

function prolong(own: Usual, { norm, share, globalRatio, step, line }: Moment): void {
  const { spike } = own;
  if (spike === undefined) {
    return;
  }
  if (norm <= EXIT_RATIO * own.norm) {
    spike.calm += 1;
    own.spike = spike.calm >= EXIT_POINTS ? undefined : spike;
    return;
  }
  Object.assign(spike, { lastStep: step, calm: 0 });
  if (norm > spike.value) {
    const ratio = (spike.ratio * norm) / spike.value;
    Object.assign(spike, { peak: step, line, value: norm, ratio, globalRatio, share });
  }
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
      "{0} spiked {1}× at step {2} while the global norm moved {3}×; its share of the square rose from {4} to {5}.",
      roster.nameOf(spike.tensor),
      times(spike.ratio),
      spike.peak,
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
