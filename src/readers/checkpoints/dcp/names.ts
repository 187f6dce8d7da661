import { type DType, isFloating } from "#core/dtype.ts";
import type { TensorKind } from "#core/tensor.ts";

import { tensorKind } from "../shared/tensorKind.ts";

/** What the name of a tensor says in a save whose names are joined by dots. */
export interface NamedRole {
  readonly kind: TensorKind;
  /** Whose optimizer state it is. */
  readonly parameter?: string;
}

/** `model.fc.weight`, `optim.state.fc.weight.exp_avg`, and Megatron's `optimizer.state.exp_avg.fc.weight`. */
export function roleOf(name: string, dtype: DType): NamedRole {
  if (/(?:^|\.)param_groups\./.test(name)) {
    return { kind: "other" };
  }
  const state = stateOf(name);
  if (state === undefined) {
    return { kind: tensorKind({ name, dtype, file: "", declared: undefined }) };
  }
  const { slot, parameter } = state;
  const kind = kindOfSlot(slot, dtype);
  return /^\d+$/.test(parameter) ? { kind } : { kind, parameter };
}

/** What an optimizer keeps under a name such as `exp_avg`. */
export function kindOfSlot(slot: string, dtype: DType): TensorKind {
  return (isFloating(dtype) ? KINDS.get(slot) : undefined) ?? "other";
}

const STATE = /^(?:(?:.*\.)?optim\w*(?:\.\d+)?\.)?state\.(.+)$/;

function stateOf(name: string): { readonly slot: string; readonly parameter: string } | undefined {
  const own = STATE.exec(name)?.[1];
  if (own === undefined) {
    return undefined;
  }
  const [first, last] = [own.indexOf("."), own.lastIndexOf(".")];
  const [front, back] = [own.slice(0, first), own.slice(last + 1)];
  if (first > 0 && KINDS.has(front)) {
    return { slot: front, parameter: own.slice(first + 1) };
  }
  // A model may have a module called state, whose weights are none of an optimizer's.
  return first > 0 && (KINDS.has(back) || !name.startsWith("state."))
    ? { slot: back, parameter: own.slice(0, last) }
    : undefined;
}

/** Slots of torch's optimizers and of Megatron's. */
const KINDS: ReadonlyMap<string, TensorKind> = new Map(
  Object.entries<TensorKind>({
    exp_avg: "moment1",
    grad_avg: "moment1",
    exp_avg_sq: "moment2",
    square_avg: "moment2",
    sum: "moment2",
    row_var: "moment2",
    col_var: "moment2",
    variance: "moment2",
    momentum_buffer: "momentum",
    max_exp_avg_sq: "other",
    exp_inf: "other",
    acc_delta: "other",
    fp32_param: "other",
    param: "other",
    master_param: "other",
    step: "other",
  }),
);
