import type { CheckpointIndex, OptimizerGroup } from "#core/checkpoint.ts";
import type { TensorEntry } from "#core/tensor.ts";
import { elementsOf } from "#core/tensorPart.ts";

/** The two moments of one parameter, and where its other states are. */
export interface MomentPair {
  readonly parameter: string;
  readonly mean: TensorEntry;
  readonly square: TensorEntry;
  /** Steps taken: a number, or the scalar that holds it. */
  readonly step: number | TensorEntry | undefined;
  readonly storedNorm: TensorEntry | undefined;
  /** What the parameter's group says: lr, betas.0, betas.1, eps, weight_decay. */
  readonly settings: Readonly<Record<string, number>>;
}

/** First and second moments that belong together and have one shape, in the order of the checkpoint. */
export function momentPairsIn({ tensors, optimizer }: CheckpointIndex): readonly MomentPair[] {
  const byKey = new Map<string, Map<string, TensorEntry>>();
  for (const entry of tensors) {
    const { key, slot } = slotOf(entry.name);
    if (slot !== "") {
      const states = byKey.get(key) ?? new Map<string, TensorEntry>();
      byKey.set(key, states.set(slot, entry));
    }
  }
  const counter = counterIn(tensors);
  const { groups = [], steps = NO_STEPS } = optimizer ?? {};
  return [...byKey].flatMap(([key, states]) => {
    const [mean, square] = momentsOf(states);
    if (mean === undefined || square === undefined || mean.shape.join() !== square.shape.join()) {
      return [];
    }
    const parameter = mean.parameter ?? square.parameter ?? mean.name;
    const settings = settingsOf(groups, { key, parameter });
    const told = stepOf(key, parameter, steps) ?? settings["step"];
    const step = told ?? states.get("step") ?? counter;
    return [{ parameter, mean, square, step, storedNorm: states.get("grad_norm_exp_avg"), settings }];
  });
}

const NO_STEPS: ReadonlyMap<string, number> = new Map();

type States = ReadonlyMap<string, TensorEntry>;

function momentsOf(states: States): readonly [mean: TensorEntry | undefined, square: TensorEntry | undefined] {
  return [states.get("exp_avg") ?? states.get("mu"), states.get("exp_avg_sq") ?? states.get("nu")];
}

/** A state's name in two: what it belongs to, with `*` for the slot, and the slot. */
function slotOf(name: string): { readonly key: string; readonly slot: string } {
  const slot = SLOT.exec(name)?.[0] ?? "";
  return { key: slot === "" ? name : name.replace(SLOT, "*"), slot };
}

/** Of torch, DeepSpeed and Megatron; `mu` and `nu` of optax, which stand before the parameter's name. */
const SLOT = /(?<=^|[./])(?:exp_avg|exp_avg_sq|step|grad_norm_exp_avg)(?=$|[./])|(?<=^|[./])(?:mu|nu)(?=[./])/;

/** One scalar for all parameters, as optax keeps it. */
function counterIn(tensors: readonly TensorEntry[]): TensorEntry | undefined {
  const counters = tensors.filter(({ name, shape }) => elementsOf(shape) === 1 && /(?:^|[./])count$/.test(name));
  return counters.length === 1 ? counters[0] : undefined;
}

interface StateOwner {
  readonly key: string;
  readonly parameter: string;
}

/** torch's key is the parameter's number, with its optimizer's path where there are several. */
function stepOf(key: string, parameter: string, steps: ReadonlyMap<string, number>): number | undefined {
  const number = NUMBERED.exec(key)?.[2] ?? "";
  return steps.get(key.replace(/[./]\*$/, "")) ?? steps.get(number) ?? steps.get(parameter);
}

const NUMBERED = /^(?:(.*)\/)?state\/(\d+)\/\*$/;

/** The numbers of the parameter's group; those that all groups agree on where none names it. */
function settingsOf(
  groups: readonly OptimizerGroup[],
  { key, parameter }: StateOwner,
): Readonly<Record<string, number>> {
  const [, path, number] = NUMBERED.exec(key) ?? [];
  const own = groups.filter((group) => group.path === path);
  const named = ownGroup(own.length > 0 ? own : groups, parameter, number);
  return named?.numbers ?? agreed(groups);
}

function ownGroup(
  groups: readonly OptimizerGroup[],
  parameter: string,
  number: string | undefined,
): OptimizerGroup | undefined {
  const listed = groups.find(({ parameters }) => parameters.includes(number ?? parameter));
  if (listed !== undefined || number === undefined) {
    return listed;
  }
  // States are numbered in the order of the groups.
  let end = 0;
  return groups.find(({ parameters }) => {
    end += parameters.length;
    return Number(number) < end;
  });
}

function agreed(groups: readonly OptimizerGroup[]): Readonly<Record<string, number>> {
  const [first, ...others] = groups;
  const same = Object.entries(first?.numbers ?? {}).filter(([name, value]) =>
    others.every(({ numbers }) => numbers[name] === value),
  );
  return Object.fromEntries(same);
}
