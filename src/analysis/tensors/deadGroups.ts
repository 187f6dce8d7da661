/** Tensors whose gradient vanished at about the same step. */
export interface DeadGroup {
  readonly startRow: number;
  readonly start: number;
  /** Zero-based line of the first zero. */
  readonly line: number;
  readonly members: readonly number[];
  /** The last step with a zero of those that live again. */
  readonly end: () => number;
  /** Members that are still dead. */
  readonly dead: () => number;
  readonly leave: (lastZero: number) => void;
}

export interface DeadGroups {
  readonly all: () => readonly DeadGroup[];
  /** The group a tensor belongs to that has had no gradient since then. */
  readonly join: (
    tensor: number,
    since: { readonly row: number; readonly step: number; readonly line: number },
  ) => DeadGroup;
  readonly copy: () => DeadGroups;
  /** The group of a copy that stands for one of the original. */
  readonly twinOf: (original: DeadGroup) => DeadGroup;
}

/** Events closer than this are one. */
const GAP_POINTS = 10;

interface GrowingGroup extends DeadGroup {
  readonly members: number[];
  readonly copy: () => GrowingGroup;
}

export function createDeadGroups(originals: readonly GrowingGroup[] = []): DeadGroups {
  const groups = originals.map((group) => group.copy());
  const twins = new Map<DeadGroup, GrowingGroup>(originals.map((group, index) => [group, groups[index] ?? group]));
  return {
    all: () => groups,
    join(tensor, { row, step, line }) {
      let group = groups.findLast((one) => one.dead() > 0 && Math.abs(one.startRow - row) <= GAP_POINTS);
      if (group === undefined) {
        group = createGroup({ startRow: row, start: step, line, members: [] }, { left: 0, end: -Infinity });
        groups.push(group);
      }
      group.members.push(tensor);
      return group;
    },
    copy: () => createDeadGroups(groups),
    twinOf: (original) => twins.get(original) ?? original,
  };
}

function createGroup(
  facts: Pick<DeadGroup, "startRow" | "start" | "line" | "members">,
  known: { readonly left: number; readonly end: number },
): GrowingGroup {
  let { left, end } = known;
  const members = [...facts.members];
  return {
    ...facts,
    members,
    end: () => end,
    dead: () => members.length - left,
    leave(lastZero) {
      left += 1;
      end = Math.max(end, lastZero);
    },
    copy: () => createGroup({ ...facts, members }, { left, end }),
  };
}
