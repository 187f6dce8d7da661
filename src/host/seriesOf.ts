import type { Finding } from "#core/finding.ts";
import type { Run } from "#store/run.ts";
import type { SourcedSeries } from "#store/series.ts";

/** The norms that a finding is about: of a tensor, or a global norm. Another one than the first has its name in the place of a tensor's. */
export function seriesOf(run: Run, tensor: Finding["tensor"]): SourcedSeries | undefined {
  return tensor === null ? run.first("globalNorm") : (run.tensors().get(tensor) ?? normBy(run, tensor));
}

function normBy(run: Run, name: string): SourcedSeries | undefined {
  return run.ofKind("globalNorm").find(({ key }) => key.name === name);
}
