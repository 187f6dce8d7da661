import type { LogFormat } from "#core/log.ts";
import type { SeriesChunk } from "#core/series.ts";
import { classify, classifyHistogram } from "./names.ts";
import { createSampleColumn } from "./sampleColumns.ts";
import type { SampleColumn } from "./sampleColumns.ts";

/** The samples of one name in a binary log, by what they are. */
export interface TagColumns {
  readonly name: string;
  readonly scalars: () => SampleColumn;
  /** Norms of histograms that tell them exactly. */
  readonly norms: () => SampleColumn;
  /** Norms of histograms that do not. */
  readonly estimates: () => SampleColumn;
  readonly chunks: () => SeriesChunk[];
}

export function createTagColumns(name: string, format: LogFormat): TagColumns {
  let scalars: SampleColumn | undefined;
  let norms: SampleColumn | undefined;
  let estimates: SampleColumn | undefined;
  return {
    name,
    scalars: () => (scalars ??= createSampleColumn(classify(name, format))),
    norms: () => (norms ??= createSampleColumn(classifyHistogram(name))),
    estimates: () => (estimates ??= createSampleColumn({ ...classifyHistogram(name), isEstimate: true })),
    chunks: () =>
      [scalars, norms, estimates]
        .filter((column) => column !== undefined && column.length() > 0)
        .flatMap((column) => column?.chunk() ?? []),
  };
}
