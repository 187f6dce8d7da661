import type { LogProblem } from "#core/log.ts";
import type { SeriesChunk } from "#core/series.ts";
import type { ParsedRecords, RecordReader } from "#readers/logs/reader.ts";
import { samplesOf } from "./parsed.ts";
import type { Samples } from "./parsed.ts";

export function parseRecords(reader: RecordReader, bytes: Uint8Array): ParsedRecords {
  return reader.parse(bytes, { offset: 0, firstRecord: 0, carry: "", isEnd: true });
}

export interface ReadInPieces {
  readonly samples: Samples;
  readonly problems: readonly LogProblem[];
  readonly chunks: readonly SeriesChunk[];
  readonly consumed: number;
}

/** What a log gives that is read each time it has grown to one of these sizes, and at last as a whole. */
export function readGrowing(reader: RecordReader, bytes: Uint8Array, sizes: readonly number[]): ReadInPieces {
  const reading = createReading(reader);
  for (const size of [...sizes, bytes.length]) {
    reading.read(bytes.subarray(0, size), size);
  }
  return reading.finish();
}

/** What a log gives in batches of so many bytes, as a long log is read. */
export function readInBatches(reader: RecordReader, bytes: Uint8Array, batchBytes: number): ReadInPieces {
  const reading = createReading(reader);
  for (let more = true; more;) {
    more = reading.read(bytes, batchBytes);
  }
  return reading.finish();
}

interface Reading {
  /** Whether another batch is waiting. */
  readonly read: (file: Uint8Array, batchBytes: number) => boolean;
  readonly finish: () => ReadInPieces;
}

function createReading(reader: RecordReader): Reading {
  const samples: Samples = {};
  const problems: LogProblem[] = [];
  const chunks: SeriesChunk[] = [];
  let [offset, firstRecord, carry] = [0, 0, ""];
  return {
    read(file, batchBytes) {
      const isEnd = offset + batchBytes >= file.length;
      const batch = file.subarray(offset, offset + batchBytes);
      const parsed = reader.parse(batch, { offset, firstRecord, carry, isEnd });
      ({ carry } = parsed);
      offset += parsed.consumed;
      firstRecord += parsed.records;
      problems.push(...parsed.problems);
      chunks.push(...parsed.chunks);
      for (const [name, rows] of Object.entries(samplesOf(parsed))) {
        samples[name] = [...(samples[name] ?? []), ...rows];
      }
      return !isEnd && parsed.consumed > 0;
    },
    finish: () => ({ samples, problems, chunks, consumed: offset }),
  };
}
