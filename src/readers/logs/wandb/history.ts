import { PbfReader } from "pbf";
import type { ClipThreshold } from "#core/log.ts";
import type { SeriesChunk } from "#core/series.ts";
import { passOver } from "../shared/eventProto.ts";
import type { FieldPlace } from "../shared/eventProto.ts";
import type { ProblemList } from "#core/problems.ts";
import { parsePythonJson, thresholdInSettings } from "../settings/settings.ts";
import { createItemReader } from "./items.ts";
import { createRowSamples } from "./row.ts";

/** Reads the records of Weights & Biases that hold numbers. */
export interface History {
  /** What the record was. Throws what the protobuf reader throws. */
  readonly addRecord: (data: Uint8Array, record: number) => RecordKind;
  readonly finish: () => { readonly chunks: SeriesChunk[]; readonly clipThreshold: ClipThreshold | null };
}

export type RecordKind = "history" | "exit" | "other";

// Fields of Record, and of the records within it.
const HISTORY = 2;
const HISTORY_ITEM = 1;
const HISTORY_STEP = 2;
const CONFIG = 5;
const CONFIG_UPDATE = 1;
const RUN = 17;
const RUN_CONFIG = 4;
const EXIT = 18;

export function createHistory(problems: ProblemList): History {
  const items = createItemReader();
  const samples = createRowSamples(items.row, problems);
  let clipThreshold: ClipThreshold | null = null;

  function addConfig(pbf: PbfReader, config: FieldPlace, record: number): void {
    items.row.length = 0;
    items.readItems(pbf, config, CONFIG_UPDATE);
    const { keys, values } = items.row;
    for (const [index, { start, end }] of values.slice(0, items.row.length).entries()) {
      const key = keys[index];
      if (key !== undefined && !key.isInternal) {
        const value = parsePythonJson(new TextDecoder().decode(pbf.buf.subarray(start, end)));
        clipThreshold ??= thresholdInSettings({ [key.name]: value }, record);
      }
    }
  }

  function addHistory(pbf: PbfReader, place: FieldPlace, record: number): void {
    items.row.length = 0;
    items.readItems(pbf, place, HISTORY_ITEM);
    samples.add(pbf.buf, { record, step: stepOf(pbf, place) });
  }

  return {
    addRecord(data, record) {
      const pbf = new PbfReader(data);
      const place = { start: 0, end: 0 };
      for (let field = pbf.nextField(); field !== 0; field = pbf.nextField()) {
        if (field === EXIT) {
          return "exit";
        }
        if (field === HISTORY || field === CONFIG || field === RUN) {
          passOver(pbf, place);
          const { end } = place;
          if (field === HISTORY) {
            addHistory(pbf, place, record);
            return "history";
          }
          const config = field === CONFIG ? place : fieldIn(pbf, place, RUN_CONFIG);
          addConfig(pbf, config, record);
          pbf.pos = end;
        }
      }
      return "other";
    },
    finish: () => ({ chunks: samples.finish(), clipThreshold }),
  };
}

/** The row's own count, which says 0 by an empty message; undefined when there is none. */
function stepOf(pbf: PbfReader, history: FieldPlace): number | undefined {
  const place = fieldIn(pbf, history, HISTORY_STEP);
  if (place.end === 0) {
    return undefined;
  }
  pbf.pos = place.start;
  return pbf.nextField(place.end) === 1 ? pbf.readVarint(true) : 0;
}

/** The last field of this number in a message; its end is 0 when there is none. */
function fieldIn(pbf: PbfReader, { start, end }: FieldPlace, wanted: number): FieldPlace {
  const place = { start: 0, end: 0 };
  pbf.pos = start;
  for (let field = pbf.nextField(end); field !== 0; field = pbf.nextField(end)) {
    if (field === wanted) {
      passOver(pbf, place);
    }
  }
  return place;
}
