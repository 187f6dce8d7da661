/** The first of a tensor's zeros. */
export interface FirstZero {
  readonly step: number;
  /** Zero-based line of the log. */
  readonly line: number;
}

/** Tensors that were found dead at about the same step. */
export interface DeadGroup {
  /** Which row of the run it was found in. */
  readonly foundRow: number;
  /** In the order in which they were found. */
  readonly members: ReadonlyMap<number, FirstZero>;
  /** Members that live again, with the last step at which they were zero. */
  readonly risen: ReadonlyMap<number, number>;
  readonly leave: (tensor: number, lastZero: number) => void;
}

export interface DeadGroups {
  readonly all: () => readonly DeadGroup[];
  /** Puts a tensor that was found dead in a row into its group. */
  readonly join: (tensor: number, foundRow: number, since: FirstZero) => DeadGroup;
  readonly copy: () => DeadGroups;
  /** The group of a copy that stands for one of the original. */
  readonly twinOf: (original: DeadGroup) => DeadGroup;
}

/** Events closer than this are one. */
const GAP_POINTS = 10;

interface GrowingGroup extends DeadGroup {
  readonly members: Map<number, FirstZero>;
  readonly risen: Map<number, number>;
}

export function createDeadGroups(originals: readonly GrowingGroup[] = []): DeadGroups {
  const groups = originals.map(({ foundRow, members, risen }) => createGroup(foundRow, members, risen));
  const twins = new Map<DeadGroup, GrowingGroup>(originals.map((group, index) => [group, groups[index] ?? group]));
  return {
    all: () => groups,
    join(tensor, foundRow, since) {
      let group = groups.findLast((one) => isDead(one) && foundRow - one.foundRow <= GAP_POINTS);
      if (group === undefined) {
        group = createGroup(foundRow, new Map(), new Map());
        groups.push(group);
      }
      group.members.set(tensor, since);
      group.risen.delete(tensor);
      return group;
    },
    copy: () => createDeadGroups(groups),
    twinOf: (original) => twins.get(original) ?? original,
  };
}

/** Whether a member has no gradient yet. */
export function isDead({ members, risen }: DeadGroup): boolean {
  return members.size > risen.size;
}

function createGroup(
  foundRow: number,
  members: ReadonlyMap<number, FirstZero>,
  risen: ReadonlyMap<number, number>,
): GrowingGroup {
  const group = { foundRow, members: new Map(members), risen: new Map(risen) };
  return { ...group, leave: (tensor, lastZero) => group.risen.set(tensor, lastZero) };
}
