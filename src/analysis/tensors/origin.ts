import type { Severity } from "#core/rules.ts";
import { inForwardOrder } from "./forwardOrder.ts";
import type { PlaceOf } from "./forwardOrder.ts";
import type { Roster } from "./roster.ts";
import type { JudgedRow, TensorEpisode, TensorRule } from "./tensorRow.ts";

const EXIT_POINTS = 20;
// fp16 loss scaling searches its scale in the first steps and overflows on purpose.
const CALIBRATION_POINTS = 20;

/** One stretch of steps with non-finite norms. */
interface Outbreak {
  readonly step: number;
  readonly line: number;
  readonly value: number;
  readonly origin: number;
  readonly sentence: string;
  lastStep: number;
  finiteSince: number;
  isCalibrating: boolean;
}

interface Known {
  readonly outbreaks: readonly Outbreak[];
  readonly rows: number;
}

/**
 * GN304: where non-finite gradients began. Gradients flow from the output to the input, so it is the non-finite tensor
 * nearest to the output, as long as something behind it is finite.
 */
export function createOriginRule(
  roster: Roster,
  placeOf: PlaceOf,
  known: Known = { outbreaks: [], rows: 0 },
): TensorRule {
  const outbreaks = known.outbreaks.map((outbreak) => ({ ...outbreak }));
  let { rows } = known;

  function push(row: JudgedRow): void {
    rows += 1;
    const newest = outbreaks.at(-1);
    const open = newest !== undefined && newest.finiteSince < EXIT_POINTS ? newest : undefined;
    if (row.norms.every(Number.isFinite)) {
      Object.assign(open ?? {}, { finiteSince: (open?.finiteSince ?? 0) + 1 });
      return;
    }
    const isCalibrating = rows <= CALIBRATION_POINTS;
    if (open === undefined) {
      outbreaks.push({ ...findOrigin(row, roster, placeOf), lastStep: row.step, finiteSince: 0, isCalibrating });
    } else {
      Object.assign(open, { lastStep: row.step, finiteSince: 0, isCalibrating });
    }
  }

  return {
    push,
    episodes: () => outbreaks.map(describe),
    copy: () => createOriginRule(roster, placeOf, { outbreaks, rows }),
  };
}

function findOrigin(
  { step, tensors, norms, lines }: JudgedRow,
  roster: Roster,
  placeOf: PlaceOf,
): Pick<Outbreak, "step" | "line" | "value" | "origin" | "sentence"> {
  const normOf = new Map(tensors.map((tensor, index) => [roster.nameOf(tensor), norms[index] ?? Number.NaN]));
  const ordered = inForwardOrder([...normOf.keys()], placeOf);
  const at = ordered.findLastIndex((name) => !Number.isFinite(normOf.get(name)));
  const name = ordered[at] ?? "";
  const origin = roster.numberOf(name);
  const bad = ordered.filter((one) => !Number.isFinite(normOf.get(one))).length;
  return {
    step,
    line: lines[tensors.indexOf(origin)] ?? 0,
    value: normOf.get(name) ?? Number.NaN,
    origin,
    sentence: sentenceFor({ name, step, bad, all: ordered.length, deeper: ordered.slice(at + 1) }),
  };
}

interface Scene {
  readonly name: string;
  readonly step: number;
  readonly bad: number;
  readonly all: number;
  /** Nearer to the output, all of them finite. */
  readonly deeper: readonly string[];
}

function sentenceFor({ name, step, bad, all, deeper }: Scene): string {
  if (bad === all) {
    return `At step ${step} all ${all} logged tensors are non-finite, so their origin cannot be told: it is the loss, or clipping by a NaN norm, which spreads it.`;
  }
  const [nearest] = deeper;
  if (nearest === undefined) {
    return `Non-finite gradients reach up to the last tensor, ${name}, at step ${step}: ${bad} of ${all} tensors are non-finite.`;
  }
  const finite = deeper.length === 1 ? `${nearest}, behind it, is` : `the ${deeper.length} from ${nearest} on are`;
  return `Non-finite gradients start at ${name} at step ${step}, in ${bad} of ${all} tensors; ${finite} finite.`;
}

function describe({ step, line, value, origin, sentence, ...outbreak }: Outbreak): TensorEpisode {
  return {
    rule: "GN304",
    severity: severityOf(outbreak),
    tensors: [origin],
    start: step,
    peak: step,
    end: outbreak.finiteSince >= EXIT_POINTS ? outbreak.lastStep : null,
    value,
    limit: Infinity,
    message: sentence,
    line,
  };
}

/** As for the global norm, GN101. */
function severityOf({ finiteSince, isCalibrating }: Pick<Outbreak, "finiteSince" | "isCalibrating">): Severity {
  if (finiteSince > 0 && isCalibrating) {
    return "info";
  }
  return finiteSince >= EXIT_POINTS ? "warning" : "error";
}
