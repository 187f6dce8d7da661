import { PbfReader } from "pbf";
import { t } from "@vscode/l10n";
import { readCarry, numberOrNullIn } from "../shared/carry.ts";
import { createEventFields, readEvent } from "../shared/eventProto.ts";
import { isFields } from "../shared/fields.ts";
import type { Fields } from "../shared/fields.ts";
import { createProblemList } from "#core/problems.ts";
import type { ParsedRecords, RecordHead, RecordReader, RecordStart } from "../reader.ts";
import { createSummaryCollector } from "./values.ts";
import type { Plugins } from "./values.ts";
import { eventKernel } from "./eventKernel.ts";
import type { EventKernel } from "./eventKernel.ts";
import { createKnownEvents } from "./knownEvents.ts";
import { hasTfRecord, scanTfRecords } from "./tfRecords.ts";
import type { RecordVisitor } from "./tfRecords.ts";

/** TensorBoard's event files: scalars, histograms and the settings beside them, with their times. */
export const tensorBoard: RecordReader = { format: "tensorBoard", growth: "byRecords", recognises, parse };

const VERSION = "brain.Event:";
// The first event is the version, after the record's header and its own time.
const VERSION_WITHIN_BYTES = 64;

function recognises({ name, bytes }: RecordHead): boolean {
  const start = bytes.subarray(0, VERSION_WITHIN_BYTES);
  const isEvents = name.includes("tfevents") || new TextDecoder("latin1").decode(start).includes(VERSION);
  return isEvents && hasTfRecord(bytes);
}

function parse(bytes: Uint8Array, start: RecordStart): ParsedRecords {
  return parseEvents(bytes, start, eventKernel());
}

/** Without a kernel every event is decoded, which gives the same, slower. */
export function parseEvents(bytes: Uint8Array, start: RecordStart, kernel: EventKernel | null): ParsedRecords {
  const { offset, firstRecord, carry, isEnd } = start;
  const problems = createProblemList();
  const earlier = readCarry(carry);
  const pbf = new PbfReader(bytes);
  const event = createEventFields();
  const plugins = pluginsIn(earlier);
  const known = createKnownEvents(bytes, kernel);
  const samples = createSummaryCollector(pbf, { problems, plugins, known });
  const from = { offset, firstRecord, isEnd, skipTo: numberOrNullIn(earlier, "skipTo"), problems };
  const visit: RecordVisitor["visit"] = (begin, end, record) => {
    pbf.pos = begin;
    try {
      readEvent(pbf, end, event);
      samples.addSummary(event, record);
      const scalars = samples.scalars();
      if (scalars.length > 0) {
        known.learn({ start: begin, end }, event, scalars);
      }
    } catch (error) {
      problems.add(record, t("The record's data are no event: {0}", String(error)));
    }
  };
  const { consumed, records, skipTo } = scanTfRecords(bytes, from, { pass: known.pass, passed: known.passed, visit });
  const next = JSON.stringify({ skipTo, plugins: Object.fromEntries(plugins) });
  return { ...samples.finish(), carry: next, problems: problems.finish(), consumed, records };
}

function pluginsIn(carry: Fields): Plugins {
  const plugins = carry["plugins"];
  const entries = isFields(plugins) ? Object.entries(plugins) : [];
  return new Map(entries.flatMap(([tag, plugin]) => (typeof plugin === "string" ? [[tag, plugin]] : [])));
}
