import type { Meaning, RowCollector } from "../shared/rows.ts";
import type { RecordSink } from "./ranks.ts";

/** Adds records to the series they belong to. Those of another rank have its name. */
export function createSampleSink(rows: RowCollector): { readonly add: RecordSink } {
  return {
    add({ step, line, samples }, otherRank) {
      const at = { step: step === 0 ? 0 : step, line }; // -0 is no other step, and what waits from read to read is JSON.
      for (const { name, value, resolution } of samples) {
        const meaning: Meaning = rows.meaningOf(otherRank === null ? name : `${name} (rank ${otherRank})`);
        rows.addValue(meaning, at, value);
        if (resolution !== undefined) {
          meaning.column.noteResolution(resolution);
        }
      }
    },
  };
}
