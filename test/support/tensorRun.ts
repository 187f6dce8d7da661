import { followTensors } from "#analysis/tensors/follow.ts";
import type { TensorFollower } from "#analysis/tensors/follow.ts";
import type { TensorSeries } from "#analysis/tensors/takeNew.ts";
import type { WatchOptions } from "#analysis/tensors/watch.ts";
import { RULE_IDS } from "#core/rules.ts";
import type { Finding } from "#core/finding.ts";

/** Norms by tensor; undefined where a step logs none. Step n is the n-th. */
export type TensorNormTable = Readonly<Record<string, readonly (number | undefined)[]>>;

export const ALL_RULES: WatchOptions = {
  enabled: new Set(RULE_IDS),
  elementsOf: () => undefined,
};

/** Samples of one tensor that can be given bit by bit; sample n stands in line n. */
export function growingSeries(resolution?: number): TensorSeries & { add: (step: number, value: number) => void } {
  const steps: number[] = [];
  const values: number[] = [];
  return {
    add(step, value) {
      steps.push(step);
      values.push(value);
    },
    count: () => steps.length,
    since: (count) => ({
      steps: steps.slice(count),
      values: values.slice(count),
      lines: Array.from({ length: steps.length - count }, (_, index) => count + index),
    }),
    resolution: () => resolution,
    key: {},
    pathAt: () => "metrics.jsonl",
  };
}

export interface TensorRunOptions extends Partial<WatchOptions> {
  readonly steps?: readonly number[];
  readonly resolution?: number;
}

/** A follower that has seen a whole run at once. */
export function follow(table: TensorNormTable, options: TensorRunOptions = {}): TensorFollower {
  const follower = followTensors({ ...ALL_RULES, ...options });
  const tensors = Object.entries(table).map(([name, values]) => {
    const series = growingSeries(options.resolution);
    values.forEach((value, index) => value !== undefined && series.add(options.steps?.[index] ?? index, value));
    return [name, series] as const;
  });
  follower.update(new Map(tensors.filter(([, series]) => series.count() > 0)));
  return follower;
}

/** What matters of a finding, in one line: `GN301 warning head.weight 2–`. */
export function brief({ rule, severity, tensor, start, end }: Finding): string {
  return `${rule} ${severity} ${tensor ?? "several"} ${start}–${end ?? ""}`;
}

export function findIn(table: TensorNormTable, options?: TensorRunOptions): string[] {
  return follow(table, options).findings().map(brief);
}

/** The value at each of so many steps. */
export function times(
  count: number,
  value: number | undefined | ((step: number) => number | undefined),
): (number | undefined)[] {
  return Array.from({ length: count }, (_, step) => (typeof value === "function" ? value(step) : value));
}

/** Enough living tensors that one dead is less than a tenth. */
export function alive(count: number, tensors = 20): TensorNormTable {
  return Object.fromEntries(
    Array.from({ length: tensors }, (_, index) => [
      `layers.${index}.mlp.weight`,
      times(count, (step) => 1 + 0.1 * Math.sin(step * 1.7 + index)),
    ]),
  );
}
