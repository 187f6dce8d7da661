import { malformed, ok, type Outcome, unsupported } from "#core/outcome.ts";
import { t } from "@vscode/l10n";

import { argsOf, countOf, entriesOf, isObject, itemsOf, textOf, valueAt } from "../pickle/access.ts";
import type { PickleValue } from "../pickle/values.ts";
import { type PickledCheckpoint, type PickledTensor, tensorOf } from "../pickle/pickledTensor.ts";
import { tensorLabel } from "../shared/tensorLabel.ts";
import { numbersIn } from "../torch/optimizerState.ts";
import type { SliceMapping } from "./fragments.ts";
import { type FlatVector, vectorOf } from "./vector.ts";

/** What one data-parallel rank has of an optimizer's state. */
export interface RankState {
  readonly stage: number;
  /** Ranks that each group is cut for. */
  readonly partitionCounts: readonly number[];
  readonly groups: readonly RankGroup[];
  /** Numbers of the optimizer's groups. */
  readonly settings: readonly Readonly<Record<string, number>>[];
  readonly metadata: Readonly<Record<string, string>>;
}

export interface RankGroup {
  /** `fp32`, `exp_avg`, `exp_avg_sq`, … */
  readonly slots: ReadonlyMap<string, FlatVector>;
  /** Elements of the partition, with its padding. */
  readonly elements: number;
  readonly mapping: SliceMapping | undefined;
  /** Steps taken, where they are a plain number; and the tensor in which they are else. */
  readonly step: number | undefined;
  readonly stepTensor: PickledTensor | undefined;
}

/** Of a file `…_optim_states.pt`. */
export function rankStateOf(pickled: PickledCheckpoint): Outcome<RankState> {
  const state = valueAt(pickled.root, "optimizer_state_dict");
  const flat = itemsOf(valueAt(state, "fp32_flat_groups"));
  const fp32 = flat ?? itemsOf(valueAt(state, "single_partition_of_fp32_groups"));
  if (fp32 === undefined && valueAt(state, "local_sub_partitions_of_fp32_groups") !== undefined) {
    return unsupported(
      t(
        "{0}: this is the state of ZeRO stage 1 as DeepSpeed wrote it before 0.6, which is not read.",
        tensorLabel(pickled.file),
      ),
    );
  }
  if (fp32 === undefined) {
    const what = t(
      "{0}: this is not the state of ZeRO: it lacks fp32_flat_groups and single_partition_of_fp32_groups.",
      tensorLabel(pickled.file),
    );
    return malformed(0, what);
  }
  const base = flat === undefined ? valueAt(state, "base_optimizer_state") : valueAt(state, "optimizer_state_dict");
  const groups = fp32.map((value, at) => groupOf(pickled, { state, base, fp32: value }, at));
  return ok({
    stage: enumOf(valueAt(state, "zero_stage")) ?? (flat === undefined ? 2 : 3),
    partitionCounts: countsOf(valueAt(state, "partition_count")),
    groups,
    settings: (itemsOf(valueAt(base, "param_groups")) ?? []).map(numbersOf),
    metadata: plainOf(state),
  });
}

interface GroupValues {
  readonly state: PickleValue | undefined;
  readonly base: PickleValue | undefined;
  readonly fp32: PickleValue;
}

function groupOf(pickled: PickledCheckpoint, values: GroupValues, at: number): RankGroup {
  const { state, base, fp32 } = values;
  const own = itemsOf(base)?.[at] ?? entriesOf(valueAt(base, "state"))?.findLast(([key]) => key === at)?.[1];
  const slots = slotsOf(pickled, fp32, own);
  const padding = countOf(itemsOf(valueAt(state, "group_paddings"))?.[at]) ?? 0;
  const step = valueAt(own, "step") ?? valueAt(state, "base_optimizer_state_step");
  return {
    slots,
    elements: (slots.get("fp32")?.elements ?? 0) + padding,
    mapping: mappingOf(itemsOf(valueAt(state, "param_slice_mappings"))?.[at]),
    ...stepOf(pickled, step),
  };
}

function slotsOf(
  pickled: PickledCheckpoint,
  fp32: PickleValue,
  own: PickleValue | undefined,
): ReadonlyMap<string, FlatVector> {
  const entries = (entriesOf(own) ?? []).map(([key, value]) => [textOf(key) ?? "", value] as const);
  const vectors = [["fp32", fp32] as const, ...entries].flatMap(([name, value]) => {
    const vector = vectorOf(pickled, value);
    return vector === undefined ? [] : [[name, vector] as const];
  });
  return new Map(vectors);
}

function stepOf(pickled: PickledCheckpoint, value: PickleValue | undefined): Pick<RankGroup, "step" | "stepTensor"> {
  const tensor = tensorOf(pickled, value, "step");
  return {
    step: typeof value === "number" ? value : undefined,
    stepTensor: tensor?.kind === "ok" ? tensor.value : undefined,
  };
}

/** A name's `fragment_address` says where it starts in the partition, and how many elements of it are there. */
function mappingOf(value: PickleValue | undefined): SliceMapping | undefined {
  const slices = entriesOf(value)?.flatMap(([key, address]) => {
    const state = isObject(address) ? address.state : undefined;
    const [start, elements] = [countOf(valueAt(state, "start")), countOf(valueAt(state, "numel"))];
    return start === undefined || elements === undefined ? [] : [[textOf(key) ?? "", { start, elements }] as const];
  });
  return slices === undefined ? undefined : new Map(slices);
}

/** A number, or an enum's. */
function enumOf(value: PickleValue | undefined): number | undefined {
  return countOf(isObject(value) ? argsOf(value)[0] : value);
}

/** One for all groups, or one for each. */
function countsOf(value: PickleValue | undefined): readonly number[] {
  return (itemsOf(value) ?? [value]).flatMap((count) => countOf(count) ?? []);
}

function numbersOf(group: PickleValue): Readonly<Record<string, number>> {
  return Object.fromEntries((entriesOf(group) ?? []).flatMap(([key, value]) => numbersIn(textOf(key) ?? "", value)));
}

function plainOf(state: PickleValue | undefined): Readonly<Record<string, string>> {
  const scaler = valueAt(state, "loss_scaler");
  const scale = valueAt(isObject(scaler) ? scaler.state : undefined, "cur_scale");
  const named = [
    ["clip_grad", valueAt(state, "clip_grad")] as const,
    ["zero_stage", enumOf(valueAt(state, "zero_stage"))] as const,
    ["loss_scale", scale] as const,
    ["overflow", valueAt(state, "overflow")] as const,
  ];
  return Object.fromEntries(
    named.flatMap(([name, value]) =>
      typeof value === "number" || typeof value === "boolean" ? [[name, String(value)] as const] : [],
    ),
  );
}
