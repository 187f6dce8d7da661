import { t } from "@vscode/l10n";
import { isFields } from "../shared/fields.ts";
import { parseNumber } from "../shared/numbers.ts";
import type { ProblemList } from "#core/problems.ts";
import type { RowCollector } from "../shared/rows.ts";
import type { Dialect } from "./dialect.ts";
import { createEpochClock } from "./epochClock.ts";
import type { EpochClock } from "./epochClock.ts";
import { pairsIn } from "./pairs.ts";
import type { Pair } from "./pairs.ts";
import type { LineRecord } from "./lineRecord.ts";
import { rankIn } from "./rankIn.ts";
import { samplesOf } from "./samplesOf.ts";
import { createWrappedRecord } from "./wrappedRecord.ts";
import type { RecordStart } from "./wrappedRecord.ts";

/** Reads records by the patterns of a dialect. */
export interface RecordReader {
  /** Records of a clean line, more than one where two processes wrote into it. */
  readonly readLine: (line: string, number: number) => readonly LineRecord[];
  /** How the last line was read: null unless it was one whole record. */
  readonly lastReading: () => Reading | null;
  /** A record may go on in the next line. */
  readonly isWaiting: () => boolean;
  readonly state: () => unknown;
}

export interface Reading extends RecordStart {
  readonly line: string;
  readonly anchor: RegExpExecArray;
  readonly pairs: readonly Pair[];
}

interface ReaderContext {
  readonly rows: RowCollector;
  readonly problems: ProblemList;
  readonly earlier: unknown;
}

// verl prints up to 4 kB a step; a line far longer is data or code.
export const MAX_RECORD_LENGTH = 20_000;

export function createRecordReader(dialect: Dialect, { rows, problems, earlier }: ReaderContext): RecordReader {
  const fields = isFields(earlier) ? earlier : {};
  const clock = createEpochClock(fields["clock"]);
  const wrapped = createWrappedRecord(dialect, fields["wrapped"]);
  let reading: Reading | null = null;

  /** The record of a piece of a line, undefined when it gives no sample. */
  function recordOf(start: RecordStart, pairs: readonly Pair[], line: number): LineRecord | undefined {
    const context = { dialect, rows, problems, scope: start.scope, line };
    const samples = pairs.flatMap((pair) => samplesOf(pair, context));
    return samples.length === 0 ? undefined : { step: start.step, rank: start.rank, line, samples };
  }

  function readAnchored(line: string, number: number, at: AnchorPlace): LineRecord | undefined {
    const { anchor, from, whole, prefix } = at;
    const body = at.isLast ? wrapped.beforeWrap(whole) : whole;
    const pairs = pairsIn(body, from, dialect.pair);
    const step = stepOf(anchor, pairs, { dialect, clock });
    if (step === undefined) {
      problems.add(number, t("The line has no step that can be read and was left out."));
      return undefined;
    }
    const start = { step, rank: rankIn(prefix), scope: anchor.groups?.["scope"] ?? "" };
    const record = recordOf(start, pairs, number);
    if (body.length < whole.length) {
      wrapped.begin(start, whole.slice(body.length), number);
    } else if (record === undefined) {
      problems.add(number, t("The line of step {0} holds no number that can be read.", step));
    } else if (at.isOnly) {
      reading = { ...start, line, anchor, pairs };
    }
    return record;
  }

  return {
    readLine(line, number) {
      reading = null;
      const anchors =
        line.length <= MAX_RECORD_LENGTH && line.includes(dialect.hint) ? [...line.matchAll(dialect.anchor)] : [];
      const rest = wrapped.goOn(line, number, anchors.length === 0);
      const restPairs = rest === null ? [] : pairsIn(rest.body, 0, dialect.pair);
      const continued = rest === null ? undefined : recordOf(rest.start, restPairs, rest.line);
      const records = placesOf(line, anchors).map((place) => readAnchored(line, number, place));
      return [continued, ...records].filter((record) => record !== undefined);
    },
    lastReading: () => reading,
    isWaiting: () => wrapped.state() !== null,
    state: () => ({ clock: clock.state(), wrapped: wrapped.state() }),
  };
}

interface AnchorPlace {
  readonly anchor: RegExpExecArray;
  readonly prefix: string;
  /** Where in the line its values begin, and they themselves. */
  readonly from: number;
  readonly whole: string;
  readonly isLast: boolean;
  readonly isOnly: boolean;
}

function placesOf(line: string, anchors: readonly RegExpExecArray[]): AnchorPlace[] {
  let before = 0;
  return anchors.map((anchor, index) => {
    const next = anchors[index + 1];
    const from = anchor.index + anchor[0].length;
    const whole = next === undefined ? line.slice(from) : withoutRankTag(line.slice(from, next.index));
    const prefix = line.slice(before, anchor.index);
    before = from;
    return { anchor, prefix, from, whole, isLast: next === undefined, isOnly: anchors.length === 1 };
  });
}

/** Where a second process wrote into the line, its tag ends the first one's record. */
function withoutRankTag(body: string): string {
  return body.replace(/(?:\[[^\]]{1,30}\]|(?<!\d)\d{1,6}): {0,20}$/, "");
}

interface StepContext {
  readonly dialect: Dialect;
  readonly clock: EpochClock;
}

function stepOf(anchor: RegExpExecArray, pairs: readonly Pair[], { dialect, clock }: StepContext): number | undefined {
  const named = pairs.find(({ name }) => dialect.stepNames?.includes(name) === true);
  const printed = named?.printed ?? anchor.groups?.["step"];
  if (printed !== undefined) {
    return finite(parseNumber(printed));
  }
  const [epoch, at, of] = ["epoch", "at", "of"].map((group) => finite(parseNumber(anchor.groups?.[group] ?? "")));
  if (epoch === undefined || at === undefined) {
    return at;
  }
  const epochsBefore = epoch - (dialect.firstEpoch ?? 0);
  return finite(of === undefined ? clock.stepAt(epochsBefore, at) : epochsBefore * of + at);
}

/** A step is a place on an axis: NaN is none, nor what is too large for a number. */
function finite(step: number | undefined): number | undefined {
  return step !== undefined && Number.isFinite(step) ? step : undefined;
}
