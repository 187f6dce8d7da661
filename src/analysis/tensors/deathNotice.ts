import type { DeadGroup } from "./deadGroups.ts";
import { listNames } from "./listNames.ts";
import type { Roster } from "./roster.ts";
import type { TensorEpisode } from "./tensorRow.ts";

/** From this share of the tensors on, the model is not training. */
const ERROR_SHARE = 0.1;

interface Lives {
  readonly roster: Roster;
  readonly lives: readonly ({ readonly points: number; readonly active: number; readonly zeros: number } | undefined)[];
}

/** Groups of dead tensors as findings. */
export function describeDeath(groups: readonly DeadGroup[], { roster, lives }: Lives): readonly TensorEpisode[] {
  const measured = lives.filter((life) => life !== undefined && life.points > 0).length;
  return groups.map((group) => {
    const end = group.dead() > 0 ? null : group.end();
    const isError = deadAt(group.start, groups) >= ERROR_SHARE * measured;
    return {
      rule: "GN301",
      severity: isError ? "error" : "warning",
      tensors: group.members,
      start: group.start,
      peak: group.start,
      end,
      value: 0,
      limit: 0,
      message: sentenceFor(group, { end, measured, roster, lives }),
      line: group.line,
    };
  });
}

/** How many were dead at a step, or died with those that did. */
function deadAt(step: number, groups: readonly DeadGroup[]): number {
  const dead = groups.filter((group) => group.start <= step && (group.dead() > 0 || group.end() >= step));
  return dead.reduce((sum, { members }) => sum + members.length, 0);
}

interface Notice extends Lives {
  readonly end: number | null;
  readonly measured: number;
}

function sentenceFor({ members, start }: DeadGroup, { end, measured, roster, lives }: Notice): string {
  const names = members.map(roster.nameOf);
  const [first = 0] = members;
  const span = end === null ? `since step ${start}` : `from step ${start} to ${end}`;
  const verb = end === null ? ["has received", "have received"] : ["received", "received"];
  if (members.length > 1) {
    return `${members.length} of ${measured} tensors ${verb[1]} no gradient ${span}: ${listNames(names)}.`;
  }
  const life = lives[first];
  const points = end === null && life !== undefined ? `for ${life.zeros} logged points, ` : "";
  const isExpert = roster.factsOf(first).expertGroup !== undefined;
  const share =
    isExpert && life !== undefined
      ? ` This expert got some at ${percent(life.active / life.points)} of its points.`
      : "";
  return `${names.join("")} ${verb[0]} no gradient ${points}${span}.${share}`;
}

function percent(share: number): string {
  return `${Number((100 * share).toPrecision(2))} %`;
}
