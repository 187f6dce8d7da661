import { readCarry } from "../shared/carry.ts";
import { createProblemList } from "#core/problems.ts";
import type { ParsedLog, ParseStart, TextReader } from "../reader.ts";
import { createRowCollector } from "../shared/rows.ts";
import { forEachUnknownCleanLine } from "./cleanLines.ts";
import { countAnchors } from "./count.ts";
import type { Dialect } from "./dialect.ts";
import { createKnownLayouts } from "./knownLayouts.ts";
import { createRankSorter } from "./ranks.ts";
import { createRecordReader } from "./recordReader.ts";
import { ranksFarOn } from "./rankState.ts";
import { createSampleSink } from "./sampleSink.ts";
import { addThresholds } from "./thresholdLines.ts";

/** A reader for the lines of one dialect. */
export function createLineReader(dialect: Dialect): TextReader {
  const countRecords = (text: string): number => countAnchors(text, dialect);
  return {
    format: dialect.format,
    growth: "byLines",
    recognises: ({ text }) => countRecords(text) > 0,
    countRecords,
    parse: (text, start) => parseLines(dialect, text, start),
    carryFarOn: (carry) => (dialect.countsEpochs === true ? null : ranksFarOn(carry)),
  };
}

function parseLines(dialect: Dialect, text: string, { firstLine, carry }: ParseStart): ParsedLog {
  const fields = readCarry(carry);
  const rows = createRowCollector(dialect.format);
  const problems = createProblemList();
  const sink = createSampleSink(rows);
  const sorter = createRankSorter(fields["ranks"], sink.add);
  const reader = createRecordReader(dialect, { rows, problems, earlier: fields["reader"] });
  const known = createKnownLayouts(dialect, { rows, sorter, reader });

  function visit(line: string, number: number): void {
    const records = reader.readLine(line, number);
    for (const record of records) {
      sorter.sort(record);
    }
    if (records.length === 0) {
      addThresholds(line, number, rows);
    }
    known.learn();
  }

  forEachUnknownCleanLine(text, firstLine, { pass: known.pass, visit });
  const nextCarry = JSON.stringify({ ranks: sorter.state(), reader: reader.state() });
  return { ...rows.finish(), carry: nextCarry, problems: problems.finish() };
}
