import type { SeriesChunk } from "#core/series.ts";
import { t } from "@vscode/l10n";
import type { FieldPlace } from "../shared/eventProto.ts";
import { isFields, numberIn } from "../shared/fields.ts";
import type { Fields } from "../shared/fields.ts";
import type { ProblemList } from "#core/problems.ts";
import type { SamplePlace } from "../shared/sampleColumns.ts";
import { parsePythonJson } from "../settings/settings.ts";
import { findStep } from "../shared/steps.ts";
import { createTagColumns } from "../shared/tagColumns.ts";
import type { TagColumns } from "../shared/tagColumns.ts";
import { normOfObject } from "./histogram.ts";
import type { ItemRow } from "./items.ts";

/** Turns the rows of a history into samples. */
export interface RowSamples {
  /** The row as it stands, with its record and its own count of rows. */
  readonly add: (data: Uint8Array, row: { readonly record: number; readonly step: number | undefined }) => void;
  readonly finish: () => SeriesChunk[];
}

const STEP = "_step";
const TIMESTAMP = "_timestamp";
const TYPE = "_type";

/** Objects whose parts are items of the row, by name: histograms, images, tables. */
type RowObjects = Map<string, Record<string, unknown>>;

export function createRowSamples(row: ItemRow, problems: ProblemList): RowSamples {
  const at: SamplePlace = { step: 0, record: 0, wallTime: 0 };
  const columns = new Map<string, TagColumns>();
  return {
    add(data, { record, step }) {
      const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
      const json: RowJson = { bytes, text: bytes.toString("latin1") };
      const { fields, objects, wallTime } = overview(json, row);
      const found = findStep(step === undefined ? fields : { [STEP]: step, ...fields }, null);
      if (found === undefined) {
        problems.add(record, t("The row has no step and was left out."));
        return;
      }
      at.step = found.step;
      at.record = record;
      at.wallTime = wallTime;
      addItems({ columns, at }, { json, row, objects, stepKey: found.key });
      for (const [name, object] of objects) {
        addObject({ columns, at }, name, object);
      }
    },
    finish: () => Array.from(columns.values()).flatMap((column) => column.chunks()),
  };
}

interface RowSink {
  readonly columns: Map<string, TagColumns>;
  readonly at: SamplePlace;
}

/** A row's bytes, and the same as text of a character for each: one decoding instead of one for every number. */
interface RowJson {
  readonly bytes: Buffer;
  readonly text: string;
}

interface RowItems {
  readonly json: RowJson;
  readonly row: ItemRow;
  readonly objects: RowObjects;
  readonly stepKey: string;
}

/** Adds the row's values. Those that are part of an object are gathered there. */
function addItems(sink: RowSink, { json, row, objects, stepKey }: RowItems): void {
  for (let index = 0; index < row.length; index += 1) {
    const [key, place] = [row.keys[index], row.values[index]];
    if (key === undefined || place === undefined || key.isInternal || key.name === stepKey) {
      continue;
    }
    const object = key.parent === null ? undefined : objects.get(key.parent);
    const number = object === undefined ? plainNumber(json.text, place) : undefined;
    if (object !== undefined) {
      object[key.part] = parseItem(json, place);
    } else if (number !== undefined) {
      columnsOf(sink, key.name).scalars().add(number, sink.at);
    } else {
      addValue(sink, key.name, parseItem(json, place));
    }
  }
}

function addValue(sink: RowSink, name: string, value: unknown): void {
  if (isFields(value)) {
    addObject(sink, name, value);
    return;
  }
  const column = columnsOf(sink, name).scalars();
  const number = numberIn(value, column.key.kind);
  if (number !== undefined) {
    column.add(number, sink.at);
  }
}

/** Of an object with a type only a histogram gives a sample; any other one is nested values. */
function addObject(sink: RowSink, name: string, object: Fields): void {
  const norm = normOfObject(object);
  if (norm !== undefined) {
    columnsOf(sink, name).estimates().add(norm, sink.at);
  } else if (!(TYPE in object)) {
    for (const [part, value] of Object.entries(object)) {
      addValue(sink, `${name}/${part}`, value);
    }
  }
}

function columnsOf({ columns }: RowSink, name: string): TagColumns {
  let found = columns.get(name);
  if (found === undefined) {
    found = createTagColumns(name, "wandb");
    columns.set(name, found);
  }
  return found;
}

interface RowOverview {
  /** The row's step-like values. */
  readonly fields: Fields;
  readonly objects: RowObjects;
  readonly wallTime: number;
}

function overview(json: RowJson, row: ItemRow): RowOverview {
  const fields: Record<string, unknown> = {};
  const objects: RowObjects = new Map();
  let wallTime = Number.NaN;
  for (let index = 0; index < row.length; index += 1) {
    const [key, place] = [row.keys[index], row.values[index]];
    if (key === undefined || place === undefined) {
      continue;
    }
    if (key.isStep) {
      fields[key.name] = parseItem(json, place);
    } else if (key.name === TIMESTAMP) {
      wallTime = plainNumber(json.text, place) ?? Number.NaN;
    } else if (key.part === TYPE && key.parent !== null) {
      objects.set(key.parent, {});
    }
  }
  return { fields, objects, wallTime };
}

function parseItem({ bytes, text }: RowJson, place: FieldPlace): unknown {
  return plainNumber(text, place) ?? parsePythonJson(bytes.toString("utf8", place.start, place.end));
}

/** A bare number, NaN and infinities as Python writes them; undefined for any other JSON. */
function plainNumber(text: string, { start, end }: FieldPlace): number | undefined {
  if (!MAY_BE_NUMBER.has(text.charCodeAt(start))) {
    return undefined;
  }
  const json = text.slice(start, end);
  const number = Number(json);
  return Number.isNaN(number) && json !== "NaN" ? undefined : number;
}

// What begins a number, NaN or Infinity.
const MAY_BE_NUMBER: ReadonlySet<number> = new Set(Buffer.from("-0123456789NI"));
