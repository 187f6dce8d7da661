import { built, call, float, list, name, type Pickled, type Written } from "./pickle.ts";
import { torchFile } from "./torchFile.ts";

/** A parameter and all that is kept of it: its elements count up from `first`, its moments are 2 and 3 times as large. */
export interface TestParameter {
  readonly name: string;
  readonly shape: readonly number[];
  readonly first: number;
}

export interface TestZero {
  readonly ranks: number;
  /** Parameters group by group. */
  readonly groups: readonly (readonly TestParameter[])[];
  readonly frozen?: readonly TestParameter[];
  readonly shared?: Readonly<Record<string, string>>;
  /** Old versions write none. */
  readonly hasMapping?: boolean;
  /** Where stage 3 cuts a rank's elements into flat groups. */
  readonly cuts?: readonly number[];
  /** What replaces a rank's `partition_count`. */
  readonly partitionCount?: Pickled;
}

type Files = Record<string, Uint8Array>;

export function valuesOf({ shape, first }: Omit<TestParameter, "name">): number[] {
  const elements = shape.reduce((product, size) => product * size, 1);
  return Array.from({ length: elements }, (_, at) => first + at);
}

export function normOf(parameter: TestParameter, times = 1): number {
  return times * Math.sqrt(valuesOf(parameter).reduce((sum, value) => sum + value ** 2, 0));
}

const SLOTS = [
  ["fp32", 1],
  ["exp_avg", 2],
  ["exp_avg_sq", 3],
] as const;

/** What DeepSpeed writes with ZeRO stage 2: each group flattened, padded and cut into equal pieces. */
export function zero2(save: TestZero, prefix = "global_step10/"): Files {
  const files: Files = { [`${prefix}mp_rank_00_model_states.pt`]: modelFile(save, { rank: 0, isCut: false }) };
  for (let rank = 0; rank < save.ranks; rank += 1) {
    files[`${prefix}bf16_zero_pp_rank_${rank}_mp_rank_00_optim_states.pt`] = stage2File(save, rank);
  }
  return files;
}

function stage2File(
  { groups, ranks, hasMapping = true, partitionCount = list(groups.map(() => ranks)) }: TestZero,
  rank: number,
): Uint8Array {
  const padded = groups.map((parameters) => {
    const values = parameters.flatMap(valuesOf);
    const padding = (2 * ranks - (values.length % (2 * ranks))) % (2 * ranks);
    return { values: [...values, ...Array.from({ length: padding }, () => 0)], padding };
  });
  const pieces = padded.map(({ values, padding }) => {
    const size = values.length / ranks;
    const own = values.slice(rank * size, (rank + 1) * size);
    return { own, start: rank * size, padding: rank === ranks - 1 ? padding : 0 };
  });
  return torchFile((add) => {
    const state = pieces.map(({ own }, group): [number, Pickled] => [
      group,
      { step: 10, exp_avg: add(own.map((value) => 2 * value)), exp_avg_sq: add(own.map((value) => 3 * value)) },
    ]);
    return {
      optimizer_state_dict: {
        loss_scaler: built(call(name("deepspeed.runtime.fp16.loss_scaler", "LossScaler"), []), { cur_scale: 128 }),
        clip_grad: float(0.5),
        base_optimizer_state: { state: new Map(state), param_groups: settings(groups.length) },
        single_partition_of_fp32_groups: list(
          pieces.map(({ own, padding }) => add(own.slice(0, own.length - padding))),
        ),
        zero_stage: call(name("deepspeed.runtime.zero.config", "ZeroStageEnum"), [2]),
        group_paddings: list(pieces.map(({ padding }) => padding)),
        partition_count: partitionCount,
        ...(hasMapping
          ? { param_slice_mappings: list(pieces.map((piece, group) => mapping(groups[group] ?? [], piece))) }
          : {}),
      },
    };
  });
}

function mapping(parameters: readonly TestParameter[], piece: { own: readonly number[]; start: number }): Pickled {
  let offset = 0;
  const slices = parameters.flatMap((parameter): [string, Written][] => {
    const elements = valuesOf(parameter).length;
    const from = Math.max(offset, piece.start);
    const to = Math.min(offset + elements, piece.start + piece.own.length);
    offset += elements;
    const address = { numel: to - from, start: from - piece.start };
    return to > from
      ? [[parameter.name, built(call(name("deepspeed.utils.tensor_fragment", "fragment_address"), []), address)]]
      : [];
  });
  return Object.fromEntries(slices);
}

/** Stage 3: each parameter cut into equal pieces, a rank's pieces behind each other in flat groups. */
export function zero3(save: TestZero, prefix = "global_step10/"): Files {
  const files: Files = {};
  for (let rank = 0; rank < save.ranks; rank += 1) {
    const names = `${prefix}zero_pp_rank_${rank}_mp_rank_00`;
    files[`${names}_model_states.pt`] = modelFile(save, { rank, isCut: true });
    files[`${names}_optim_states.pt`] = stage3File(save, rank);
  }
  return files;
}

function stage3File({ groups, ranks, cuts = [] }: TestZero, rank: number): Uint8Array {
  const own = groups.flat().flatMap((parameter) => pieceOf(parameter, { ranks, rank }));
  const ends = [0, ...cuts, own.length];
  const flat = ends.slice(1).map((end, at) => own.slice(ends[at], end));
  return torchFile((add) => ({
    optimizer_state_dict: {
      zero_stage: 3,
      partition_count: ranks,
      fp32_flat_groups: list(flat.map((values) => add(values))),
      optimizer_state_dict: {
        param_groups: settings(groups.length),
        state: new Map(
          flat.map((values, at): [number, Pickled] => [
            at,
            { step: 10, exp_avg: add(values.map((each) => 2 * each)), exp_avg_sq: add(values.map((each) => 3 * each)) },
          ]),
        ),
      },
    },
  }));
}

function pieceOf(
  parameter: TestParameter,
  { ranks, rank }: { readonly ranks: number; readonly rank: number },
): number[] {
  const values = valuesOf(parameter);
  const size = Math.ceil(values.length / ranks);
  return Array.from({ length: size }, (_, at) => values[rank * size + at] ?? 0);
}

function settings(groups: number): Pickled {
  return list(Array.from({ length: groups }, (_, at) => ({ lr: at + 1, params: list([at]) })));
}

interface ModelPlace {
  readonly rank: number;
  /** Parameters are empty: stage 3. */
  readonly isCut: boolean;
}

function modelFile({ groups, frozen = [], shared = {}, ranks }: TestZero, { rank, isCut }: ModelPlace): Uint8Array {
  return torchFile((add) => ({
    module: {
      ...Object.fromEntries(
        [...groups.flat(), ...frozen].map((parameter) => [
          parameter.name,
          isCut ? add([]) : add(valuesOf(parameter), parameter.shape),
        ]),
      ),
      ...Object.fromEntries(Object.keys(shared).map((alias) => [alias, add([])])),
      buffer: add([5, 12]),
    },
    param_shapes: list(groups.map(shapesOf)),
    frozen_param_shapes: shapesOf(frozen),
    frozen_param_fragments: Object.fromEntries(
      frozen.map((parameter) => [
        parameter.name,
        isCut ? add(pieceOf(parameter, { ranks, rank })) : add(valuesOf(parameter), parameter.shape),
      ]),
    ),
    shared_params: shared,
    global_steps: 10,
    ds_version: "0.18.0",
    client: built(call(name("deepspeed.runtime.config", "Anything"), []), { a: 1 }),
  }));
}

/** Norms of all that is kept of parameters, as they are listed. */
export function stateNorms(parameters: readonly TestParameter[]): Record<string, number> {
  return Object.fromEntries(
    parameters.flatMap((parameter) =>
      SLOTS.map(([slot, times]) => [`${slot}/${parameter.name}`, normOf(parameter, times)] as const),
    ),
  );
}

function shapesOf(parameters: readonly TestParameter[]): Pickled {
  return Object.fromEntries(parameters.map(({ name: own, shape }) => [own, call(name("torch", "Size"), [shape])]));
}
