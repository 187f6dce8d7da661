import { formatBytes, formatNumber } from "#core/format.ts";
import { TENSOR_KINDS } from "#core/tensor.ts";
import type { TensorKind, TensorNorms } from "#core/tensor.ts";
import { nonFiniteCount } from "./rows.ts";

/** Words for people. A gradient's norm and a weight's norm are never called by the same name. */
const KIND_NAMES: Readonly<Record<TensorKind, string>> = {
  gradient: "gradient",
  weight: "weight",
  moment1: "first moment",
  moment2: "second moment",
  momentum: "momentum",
  other: "other",
};

/** For a column of them. */
const SHORT_NAMES: Readonly<Record<TensorKind, string>> = {
  ...KIND_NAMES,
  moment1: "1st moment",
  moment2: "2nd moment",
};

export function shortKindName(kind: TensorKind): string {
  return SHORT_NAMES[kind];
}

const KIND_PLURALS: Readonly<Record<TensorKind, string>> = {
  gradient: "gradients",
  weight: "weights",
  moment1: "first moments",
  moment2: "second moments",
  momentum: "momenta",
  other: "something else",
};

export function kindPlural(kind: TensorKind): string {
  return KIND_PLURALS[kind];
}

export function kindName(kind: string): string {
  const known = TENSOR_KINDS.find((each) => each === kind);
  return known === undefined ? kind : KIND_NAMES[known];
}

/** `768 × 3072`; a scalar has no extent. */
export function formatShape(shape: readonly number[]): string {
  return shape.length === 0 ? "scalar" : shape.join(" × ");
}

const counts = new Intl.NumberFormat("en");

export function formatCount(count: number): string {
  return counts.format(count);
}

export function formatNonFinite(norms: TensorNorms): string {
  const count = nonFiniteCount(norms);
  if (count === 0) {
    return "–";
  }
  const first = norms.firstNonFinite === null ? "" : `, first at ${formatCount(norms.firstNonFinite)}`;
  return `${formatCount(count)}${first}`;
}

/** `1.6 GB in 0.42 s, 3.81 GB/s`. */
export function formatSpeed(bytes: number, seconds: number): string {
  const read = `${formatBytes(bytes)} in ${formatNumber(Number(seconds.toPrecision(3)))} s`;
  return seconds > 0 ? `${read}, ${formatBytes(bytes / seconds)}/s` : read;
}
