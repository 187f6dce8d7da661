import { formatBytes, formatNumber } from "#core/format.ts";
import { TENSOR_KINDS } from "#core/tensor.ts";
import type { TensorKind, TensorNorms } from "#core/tensor.ts";
import { t } from "@vscode/l10n";
import { nonFiniteCount } from "./rows.ts";

/** Words for people. A gradient's norm and a weight's norm are never called by the same name. */
const KIND_NAMES: Readonly<Record<TensorKind, string>> = {
  gradient: t("gradient"),
  weight: t("weight"),
  moment1: t("first moment"),
  moment2: t("second moment"),
  momentum: t("momentum"),
  other: t("other"),
};

/** For a column of them. */
const SHORT_NAMES: Readonly<Record<TensorKind, string>> = {
  ...KIND_NAMES,
  moment1: t("1st moment"),
  moment2: t("2nd moment"),
};

export function shortKindName(kind: TensorKind): string {
  return SHORT_NAMES[kind];
}

const KIND_PLURALS: Readonly<Record<TensorKind, string>> = {
  gradient: t("gradients"),
  weight: t("weights"),
  moment1: t("first moments"),
  moment2: t("second moments"),
  momentum: t("momenta"),
  other: t("something else"),
};

export function kindPlural(kind: TensorKind): string {
  return KIND_PLURALS[kind];
}

export function kindName(kind: string): string {
  const known = TENSOR_KINDS.find((each) => each === kind);
  return known === undefined ? kind : KIND_NAMES[known];
}

const GLOBAL_NORMS: Readonly<Record<TensorKind, string>> = {
  gradient: t("Global gradient norm"),
  weight: t("Global weight norm"),
  moment1: t("Global first moment norm"),
  moment2: t("Global second moment norm"),
  momentum: t("Global momentum norm"),
  other: t("Global norm of others"),
};

export function globalNormName(kind: TensorKind): string {
  return GLOBAL_NORMS[kind];
}

/** `768 × 3072`; a scalar has no extent. */
export function formatShape(shape: readonly number[]): string {
  return shape.length === 0 ? t("scalar") : shape.join(" × ");
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
  return norms.firstNonFinite === null
    ? formatCount(count)
    : t("{0}, first at {1}", formatCount(count), formatCount(norms.firstNonFinite));
}

/** `1.6 GB in 0.42 s, 3.81 GB/s`. */
export function formatSpeed(bytes: number, seconds: number): string {
  const read = t("{0} in {1} s", formatBytes(bytes), formatNumber(Number(seconds.toPrecision(3))));
  return seconds > 0 ? `${read}, ${formatBytes(bytes / seconds)}/s` : read;
}
