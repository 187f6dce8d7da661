import { outlineOf } from "#analysis/layers/outline.ts";
import type { OutlineGroup } from "#analysis/layers/outline.ts";
import type { NamedSamples } from "#analysis/layers/samples.ts";
import type { LayerRow } from "#protocol/dashboard/tensors.ts";
import type { StepWindow } from "#store/columns/bucket.ts";
import type { SourcedSeries } from "#store/series.ts";
import type { Run } from "#store/run.ts";

type Tensors = ReadonlyMap<string, SourcedSeries>;

interface KnownOutline {
  readonly tensors: number;
  readonly groups: readonly OutlineGroup[];
}

/** The store gives the same map until it chooses other series; only its size can change. */
const outlines = new WeakMap<Tensors, KnownOutline>();

/** The run's tensors in the order of the model. Names of thousands of tensors are read once. */
export function outlineOfRun(run: Run): readonly OutlineGroup[] {
  const tensors = run.tensors();
  const known = outlines.get(tensors);
  if (known?.tensors === tensors.size) {
    return known.groups;
  }
  const groups = outlineOf(tensors.keys());
  outlines.set(tensors, { tensors: tensors.size, groups });
  return groups;
}

/** The tensors that a row is made of: itself, or those of a group. None when the run has no such row. */
export function samplesOfRow(run: Run, { kind, name }: LayerRow, window: StepWindow): readonly NamedSamples[] {
  const names = kind === "tensor" ? [name] : (outlineOfRun(run).find((group) => group.name === name)?.tensors ?? []);
  const tensors = run.tensors();
  return names.flatMap((tensor) => {
    const series = tensors.get(tensor);
    return series === undefined ? [] : [{ name: tensor, ...series.counted(window) }];
  });
}

export function samplesOfAll(run: Run, window: StepWindow): readonly NamedSamples[] {
  return Array.from(run.tensors(), ([name, series]) => ({ name, ...series.counted(window) }));
}
