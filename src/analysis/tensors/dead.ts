import type { Roster } from "./roster.ts";
import { createDeadGroups } from "./deadGroups.ts";
import type { DeadGroup, DeadGroups, FirstZero } from "./deadGroups.ts";
import { describeDeath } from "./deathNotice.ts";
import type { JudgedRow, TensorRule } from "./tensorRow.ts";

const DEAD_POINTS = 20;
const IDLE_EXPERT_POINTS = 1000;
// Before its first update a zero gate (LoRA's B, ReZero, adaLN-Zero) passes no gradient to what lies behind it.
const GATED_POINTS = 2;
const EXIT_POINTS = 10;
/** Of the experts of a layer; fewer may be idle because no token was sent to them. */
const EXPERTS_SHARE = 0.5;

/** What is known of one tensor. NaN and ±Inf are neither zero nor gradient: such points are passed over. */
interface Life {
  /** Finite points. */
  points: number;
  active: number;
  /** Zeros in a row; of a tensor that was found dead up to 9 other points between them do not count. */
  zeros: number;
  since: FirstZero;
  lastZero: number;
  otherSince: number;
  group: DeadGroup | undefined;
}

interface Known {
  readonly lives: readonly (Life | undefined)[];
  readonly groups: DeadGroups;
  readonly rows: number;
}

const NOTHING: Known = { lives: [], groups: createDeadGroups(), rows: 0 };

/**
 * GN301: a tensor's norm is exactly 0 for 20 points. Tensors that died together are one finding. A tensor without a
 * sample is not trained, or was not measured: it is not dead.
 */
export function createDeadRule(roster: Roster, known: Known = NOTHING): TensorRule {
  const groups = known.groups.copy();
  const lives = known.lives.map((life) => life && { ...life, group: life.group && groups.twinOf(life.group) });
  let { rows } = known;

  function push(row: JudgedRow): void {
    const suspects: number[] = [];
    row.tensors.forEach((tensor, index) => {
      const life = (lives[tensor] ??= newLife());
      live(tensor, life, { step: row.step, line: row.lines[index] ?? 0, norm: row.norms[index] ?? Number.NaN });
      if (life.zeros >= DEAD_POINTS && life.group === undefined) {
        suspects.push(tensor);
      }
    });
    rows += row.norms.some(Number.isFinite) ? 1 : 0; // A row of NaN says nothing of life and death.
    const idleShareOf = shareOncePerRow((group) => idleShare(roster.experts(group), lives));
    for (const tensor of suspects) {
      const life = lives[tensor];
      if (life !== undefined && !isHarmless(tensor, { roster, lives, idleShareOf })) {
        life.group = groups.join(tensor, rows, life.since);
      }
    }
  }

  return {
    push,
    episodes: () => describeDeath(groups.all(), { roster, lives }),
    copy: () => createDeadRule(roster, { lives, groups, rows }),
  };
}

function newLife(): Life {
  const since = { step: 0, line: 0 };
  return { points: 0, active: 0, zeros: 0, since, lastZero: 0, otherSince: 0, group: undefined };
}

function live(tensor: number, life: Life, { step, line, norm }: FirstZero & { readonly norm: number }): void {
  if (!Number.isFinite(norm)) {
    return;
  }
  life.points += 1;
  if (norm !== 0) {
    life.active += 1;
    comeBack(tensor, life);
  } else if (life.points > GATED_POINTS) {
    life.since = life.zeros === 0 ? { step, line } : life.since;
    life.zeros += 1;
    life.lastZero = step;
    life.otherSince = 0;
  }
}

/** Gradient was seen: a tensor found dead must have it for 10 points before it lives again. */
function comeBack(tensor: number, life: Life): void {
  life.otherSince += 1;
  if (life.group === undefined || life.otherSince >= EXIT_POINTS) {
    life.group?.leave(tensor, life.lastZero);
    life.group = undefined;
    life.zeros = 0;
  }
}

interface Surroundings {
  readonly roster: Roster;
  readonly lives: readonly (Life | undefined)[];
  readonly idleShareOf: (expertGroup: string) => number;
}

/** Zeros that are right: the mathematics, or the architecture, makes them. */
function isHarmless(tensor: number, { roster, lives, idleShareOf }: Surroundings): boolean {
  const facts = roster.factsOf(tensor);
  const isAlive = (other: number | undefined): boolean => {
    const life = other === undefined ? undefined : lives[other];
    return life !== undefined && life.active > 0 && life.zeros === 0;
  };
  if (facts.isKeyBias) {
    return true;
  }
  if (facts.weights.some((weight) => isAlive(roster.find(weight)))) {
    return true; // The weight has gradient, so what follows the bias takes it away, as a normalisation does.
  }
  if (facts.isHead && roster.embeddings().some(isAlive)) {
    return true; // All gradient comes through the head: it is tied, and the embedding has its gradient.
  }
  const { expertGroup } = facts;
  const isShortlyIdle = (lives[tensor]?.zeros ?? 0) < IDLE_EXPERT_POINTS;
  return expertGroup !== undefined && isShortlyIdle && idleShareOf(expertGroup) < EXPERTS_SHARE;
}

/** Share of the experts seen so far that are without gradient. */
function idleShare(experts: readonly number[], lives: readonly (Life | undefined)[]): number {
  const seen = experts.map((expert) => lives[expert]).filter((life) => life !== undefined && life.points > 0);
  return seen.filter((life) => (life?.zeros ?? 0) >= DEAD_POINTS).length / seen.length;
}

function shareOncePerRow(compute: (group: string) => number): (group: string) => number {
  const shares = new Map<string, number>();
  return (group) => {
    const share = shares.get(group) ?? compute(group);
    shares.set(group, share);
    return share;
  };
}
