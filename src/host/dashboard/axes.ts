import type { Numbers } from "#core/numbers.ts";
import type { AxisName } from "#protocol/dashboard/timeline.ts";
import type { Run } from "#store/run.ts";

// How loggers call the number of tokens or samples that a training has seen.
const COUNTERS: Readonly<Record<Exclude<AxisName, "time">, RegExp>> = {
  tokens: /^((n|num|total|consumed|train|input)_)*tokens(_(seen|consumed|total))?$/i,
  samples: /^((n|num|total|consumed|train)_)*(samples|examples|sequences)(_(seen|consumed|total))?$/i,
};

interface AxisColumns {
  readonly steps: Numbers;
  /** Seconds since the first step, or a count. */
  readonly values: Numbers;
}

/** What the run's log can count beside steps. */
export function describeAxes(run: Run): AxisName[] {
  const names: readonly AxisName[] = ["time", "samples", "tokens"];
  return names.filter((name) => describeAxis(run, name) !== undefined);
}

/** What was reached at each step, in the order of the log. */
export function describeAxis(run: Run, name: AxisName): AxisColumns | undefined {
  if (name !== "time") {
    const counter = run.ofKind("other").find(({ key }) => isCounter(key.name, COUNTERS[name]));
    return counter && { steps: counter.steps(), values: counter.values() };
  }
  const norms = run.first("globalNorm");
  const times = norms?.wallTimes();
  const first = times?.find(Number.isFinite);
  return norms === undefined || times === undefined || first === undefined
    ? undefined
    : { steps: norms.steps(), values: Float64Array.from(times, (time) => time - first) };
}

function isCounter(name: string, pattern: RegExp): boolean {
  return pattern.test(name.split(/[/.]/).at(-1) ?? name);
}
