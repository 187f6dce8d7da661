import type { Roster } from "./roster.ts";
import { createDeadGroups } from "./deadGroups.ts";
import type { DeadGroups } from "./deadGroups.ts";
import { describeDeath } from "./deathNotice.ts";
import { createLives } from "./lives.ts";
import type { Lives, Stillness } from "./lives.ts";
import type { JudgedRow, TensorRule } from "./tensorRow.ts";

const DEAD_POINTS = 20;
const IDLE_EXPERT_POINTS = 1000;
/** Of the experts of a layer; fewer may be idle because no token was sent to them. */
const EXPERTS_SHARE = 0.5;

interface Known {
  readonly lives: Lives;
  readonly groups: DeadGroups;
  readonly rows: number;
}

/**
 * GN301: a tensor's norm is exactly 0 for 20 points. Tensors that died together are one finding. A tensor without a
 * sample is not trained, or was not measured: it is not dead.
 */
export function createDeadRule(roster: Roster, known?: Known): TensorRule {
  const groups = known?.groups.copy() ?? createDeadGroups();
  const lives = known?.lives.copy((group) => groups.twinOf(group)) ?? createLives();
  let rows = known?.rows ?? 0;

  function push(row: JudgedRow): void {
    const suspects: [number, Stillness][] = [];
    row.tensors.forEach((tensor, index) => {
      const [norm = Number.NaN, line = 0] = [row.norms[index], row.lines[index]];
      const stillness = lives.live(tensor, { step: row.step, line, norm });
      if (stillness !== undefined && stillness.zeros >= DEAD_POINTS && stillness.group === undefined) {
        suspects.push([tensor, stillness]);
      }
    });
    rows += row.norms.some(Number.isFinite) ? 1 : 0; // A row of NaN says nothing of life and death.
    const idleShareOf = shareOncePerRow((group) => idleShare(roster.experts(group), lives));
    for (const [tensor, stillness] of suspects) {
      if (!isHarmless(tensor, { roster, lives, idleShareOf })) {
        stillness.group = groups.join(tensor, rows, stillness.since);
      }
    }
  }

  return {
    push,
    episodes: () => describeDeath(groups.all(), { roster, lives }),
    copy: () => createDeadRule(roster, { lives, groups, rows }),
  };
}

interface Surroundings {
  readonly roster: Roster;
  readonly lives: Lives;
  readonly idleShareOf: (expertGroup: string) => number;
}

/** Zeros that are right: the mathematics, or the architecture, makes them. */
function isHarmless(tensor: number, { roster, lives, idleShareOf }: Surroundings): boolean {
  const facts = roster.factsOf(tensor);
  const isAlive = (other: number | undefined): boolean =>
    other !== undefined && lives.active.of(other) > 0 && !lives.still.has(other);
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
  const isShortlyIdle = (lives.still.get(tensor)?.zeros ?? 0) < IDLE_EXPERT_POINTS;
  return expertGroup !== undefined && isShortlyIdle && idleShareOf(expertGroup) < EXPERTS_SHARE;
}

/** Share of the experts seen so far that are without gradient. */
function idleShare(experts: readonly number[], lives: Lives): number {
  const seen = experts.filter((expert) => lives.points.of(expert) > 0);
  return seen.filter((expert) => (lives.still.get(expert)?.zeros ?? 0) >= DEAD_POINTS).length / seen.length;
}

function shareOncePerRow(compute: (group: string) => number): (group: string) => number {
  const shares = new Map<string, number>();
  return (group) => {
    const share = shares.get(group) ?? compute(group);
    shares.set(group, share);
    return share;
  };
}
