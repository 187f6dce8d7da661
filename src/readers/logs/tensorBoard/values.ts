import type { PbfReader } from "pbf";
import type { ClipThreshold } from "#core/log.ts";
import type { SeriesChunk } from "#core/series.ts";
import { t } from "@vscode/l10n";
import {
  checkWithin,
  createValueFields,
  nextField,
  readHistogramNorm,
  readMetadata,
  readValue,
} from "../shared/eventProto.ts";
import type { EventFields, FieldPlace, ValueFields, ValueMetadata } from "../shared/eventProto.ts";
import { readHparams } from "./hparamsProto.ts";
import type { ScalarPlace } from "./eventTable.ts";
import type { KnownEvents } from "./knownEvents.ts";
import { createNameTable } from "../shared/nameTable.ts";
import { binsOfRows, normOfBins } from "../shared/normOfBins.ts";
import type { ProblemList } from "#core/problems.ts";
import type { SamplePlace } from "../shared/sampleColumns.ts";
import { parsePythonJson, thresholdInSettings } from "../settings/settings.ts";
import { createTagColumns } from "../shared/tagColumns.ts";
import type { TagColumns } from "../shared/tagColumns.ts";
import { readTensor } from "./tensorProto.ts";
import type { LoggedTensor } from "./tensorProto.ts";

/** Turns the values of TensorBoard's summaries into samples. */
export interface SummaryCollector {
  /** Throws what the protobuf reader throws. */
  readonly addSummary: (event: EventFields, record: number) => void;
  /** Where the last event's numbers are; none of them when its other bytes do not tell alone what they are. */
  readonly scalars: () => readonly ScalarPlace[];
  readonly finish: () => SummarySamples;
}

export interface SummarySamples {
  readonly chunks: readonly SeriesChunk[];
  readonly clipThreshold: ClipThreshold | null;
}

/** Plugins of the tags whose values alone would be taken for something else: a plugin may be told once per tag. */
export type Plugins = Map<string, string>;

interface CollectorContext {
  readonly problems: ProblemList;
  readonly plugins: Plugins;
  /** They rest upon the plugins that were told. */
  readonly known: Pick<KnownEvents, "forget">;
}

export function createSummaryCollector(pbf: PbfReader, context: CollectorContext): SummaryCollector {
  const columns = new Map<string, TagColumns>();
  const tags = createNameTable((tag) => columnsOf(columns, new TextDecoder().decode(tag)));
  const at: SamplePlace = { step: 0, record: 0, wallTime: 0 };
  const value = createValueFields();
  const state: SummaryState = { ...context, pbf, at, value, scalars: [], isScalars: true, clipThreshold: null };
  return {
    addSummary({ step, wallTime, summary }, record) {
      at.step = step;
      at.wallTime = wallTime;
      at.record = record;
      state.scalars = state.scalars.length > 0 ? [] : state.scalars;
      state.isScalars = true;
      pbf.pos = summary.start;
      for (let field = nextField(pbf, summary.end); field !== 0; field = nextField(pbf, summary.end)) {
        if (field === 1) {
          const end = pbf.readVarint() + pbf.pos;
          checkWithin(end, summary.end);
          readValue(pbf, end, state.value);
          addValue(state, tags.at(pbf.dataView, state.value.tag.start, state.value.tag.end));
          pbf.pos = end;
        }
      }
    },
    scalars: () => (state.isScalars ? state.scalars : NO_SCALARS),
    finish: () => ({
      chunks: Array.from(columns.values(), (tag) => tag.chunks()).flat(),
      clipThreshold: state.clipThreshold,
    }),
  };
}

/** Bytes that are no text all decode to the same: what is called alike is one series. */
function columnsOf(columns: Map<string, TagColumns>, name: string): TagColumns {
  const tag = columns.get(name) ?? createTagColumns(name, "tensorBoard");
  columns.set(name, tag);
  return tag;
}

interface SummaryState extends CollectorContext {
  readonly pbf: PbfReader;
  /** Where the value that is being read stands. */
  readonly at: SamplePlace;
  readonly value: ValueFields;
  /** Of the event that is being read. */
  scalars: ScalarPlace[];
  /** Nothing but scalars was found in it. */
  isScalars: boolean;
  clipThreshold: ClipThreshold | null;
}

function addValue(state: SummaryState, tag: TagColumns): void {
  const { pbf, value } = state;
  if (value.scalar !== undefined) {
    addNumber(state, tag, { number: value.scalar, place: value.scalarPlace });
  } else if (value.histogram.end > 0) {
    state.isScalars = false;
    addNorm(state, tag);
  } else if (value.tensor.end > 0 || value.metadata.end > 0) {
    const metadata = value.metadata.end > 0 ? readMetadata(pbf, value.metadata) : NO_METADATA;
    // PyTorch's hyperparameters are metadata alone.
    const tensor = value.tensor.end > 0 ? readTensor(pbf, value.tensor) : NO_TENSOR;
    addTensor(state, tag, { tensor, metadata });
  }
}

interface PlacedNumber {
  readonly number: number;
  readonly place: FieldPlace;
}

function addNumber(state: SummaryState, tag: TagColumns, { number, place }: PlacedNumber): void {
  const column = tag.scalars();
  column.add(number, state.at);
  state.scalars.push({ start: place.start, end: place.end, column });
}

function addNorm({ pbf, value, problems, at }: SummaryState, tag: TagColumns): void {
  const norm = readHistogramNorm(pbf, value.histogram);
  if (norm === null) {
    problems.add(at.record, t("{0}: the histogram has no sum of squares, which its norm is the root of.", tag.name));
  } else if (norm !== undefined) {
    tag.norms().add(norm, at);
  }
}

interface TensorValue {
  readonly tensor: LoggedTensor;
  readonly metadata: ValueMetadata;
}

function addTensor(state: SummaryState, tag: TagColumns, { tensor, metadata }: TensorValue): void {
  const { text } = tensor;
  const plugin = pluginOf(state, tag.name, { tensor, metadata });
  state.isScalars &&= plugin === "scalars";
  switch (plugin) {
    case "scalars":
      addScalar(state, tag, tensor);
      break;
    case "histograms":
      addEstimate(state, tag, tensor);
      break;
    case "text":
      addSettings(state, text === null ? undefined : settingsIn(text));
      break;
    case "hparams":
      addSettings(state, readHparams(state.pbf, metadata.content));
      break;
  }
}

function pluginOf(state: SummaryState, tag: string, { tensor, metadata }: TensorValue): string {
  const { plugins } = state;
  const told = metadata.plugin;
  const likely = likelyPlugin(tensor);
  if (told === "") {
    return plugins.get(tag) ?? likely;
  }
  const isUnlikely = told !== likely && (told === "scalars" || likely === "scalars" || likely === "histograms");
  if (isUnlikely && told !== plugins.get(tag)) {
    plugins.set(tag, told);
    state.isScalars = false;
    state.known.forget();
  }
  return told;
}

function addScalar(state: SummaryState, tag: TagColumns, { numbers, place }: LoggedTensor): void {
  const [number] = numbers;
  if (number === undefined || numbers.length > 1) {
    const { problems, at } = state;
    state.isScalars = false;
    problems.add(
      at.record,
      t("{0}: the scalar's tensor holds {1} numbers that can be read.", tag.name, numbers.length),
    );
  } else {
    state.isScalars &&= place.end > 0;
    addNumber(state, tag, { number, place });
  }
}

function addEstimate({ problems, at }: SummaryState, tag: TagColumns, { numbers, shape }: LoggedTensor): void {
  if (numbers.length !== (shape[0] ?? 0) * 3) {
    problems.add(
      at.record,
      t("{0}: the histogram's tensor holds {1} numbers that can be read.", tag.name, numbers.length),
    );
    return;
  }
  const norm = normOfBins(binsOfRows(numbers));
  if (norm !== undefined) {
    tag.estimates().add(norm, at);
  }
}

function addSettings(state: SummaryState, settings: unknown): void {
  state.clipThreshold ??= thresholdInSettings(settings, state.at.record);
}

const NO_SCALARS: readonly ScalarPlace[] = [];
const NOWHERE: FieldPlace = { start: 0, end: 0 };
const NO_TENSOR: LoggedTensor = { shape: [], numbers: [], place: NOWHERE, text: null };
const NO_METADATA: ValueMetadata = { plugin: "", content: NOWHERE };

/** What a tensor is when nothing says to which plugin it belongs. */
function likelyPlugin({ shape, numbers, text }: LoggedTensor): string {
  if (shape.length === 0 && numbers.length === 1) {
    return "scalars";
  }
  if (shape.length === 2 && shape[1] === 3 && numbers.length > 0) {
    return "histograms";
  }
  return text === null ? "" : "text";
}

// Arguments of a training have some 10 kB; longer texts are samples of what a model wrote.
const MAX_SETTINGS_BYTES = 2 ** 20;
const BRACE = 0x7b;

function settingsIn(text: Uint8Array): unknown {
  const maySettings = text[0] === BRACE && text.length <= MAX_SETTINGS_BYTES;
  return maySettings ? parsePythonJson(new TextDecoder().decode(text)) : undefined;
}
