import { inModelOrder } from "#core/names/order.ts";
import type { Severity } from "#core/rules.ts";
import { stepName } from "#l10n/stepName.ts";
import { t } from "@vscode/l10n";
import type { Roster } from "./roster.ts";
import type { JudgedRow, TensorEpisode, TensorRule } from "./tensorRow.ts";

const EXIT_POINTS = 20;
// fp16 loss scaling searches its scale in the first steps and overflows on purpose.
const CALIBRATION_POINTS = 20;

/** Where the non-finite gradients of a step began. */
export interface Origin {
  /** The non-finite tensor nearest to the output. */
  readonly tensor: string;
  readonly nonFinite: number;
  readonly measured: number;
  /** Nearer to the output, all of them finite. */
  readonly deeper: readonly string[];
}

/** Undefined when all norms are finite. Where names do not tell a tensor's place, the order given is the model's. */
export function originOf(norms: ReadonlyMap<string, number>): Origin | undefined {
  const isBad = (tensor: string): boolean => !Number.isFinite(norms.get(tensor));
  const nonFinite = [...norms.keys()].filter(isBad).length;
  if (nonFinite === 0) {
    return undefined;
  }
  const ordered = inModelOrder([...norms.keys()], (tensor) => tensor);
  const at = ordered.findLastIndex(isBad);
  return { tensor: ordered[at] ?? "", nonFinite, measured: norms.size, deeper: ordered.slice(at + 1) };
}

/** One stretch of steps with non-finite norms. */
interface Outbreak {
  readonly step: number;
  readonly line: number;
  readonly value: number;
  readonly origin: Origin;
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
export function createOriginRule(roster: Roster, known: Known = { outbreaks: [], rows: 0 }): TensorRule {
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
      outbreaks.push(...beginOutbreak(row, roster).map((one) => ({ ...one, isCalibrating })));
    } else {
      Object.assign(open, { lastStep: row.step, finiteSince: 0, isCalibrating });
    }
  }

  return {
    push,
    episodes: () => outbreaks.map((outbreak) => describe(outbreak, roster)),
    copy: () => createOriginRule(roster, { outbreaks, rows }),
  };
}

function beginOutbreak({ step, tensors, norms, lines }: JudgedRow, roster: Roster): Omit<Outbreak, "isCalibrating">[] {
  const named = new Map(tensors.map((tensor, index) => [roster.nameOf(tensor), norms[index] ?? Number.NaN]));
  const origin = originOf(named);
  if (origin === undefined) {
    return [];
  }
  const line = lines[tensors.indexOf(roster.numberOf(origin.tensor))] ?? 0;
  const value = named.get(origin.tensor) ?? Number.NaN;
  return [{ step, line, value, origin, lastStep: step, finiteSince: 0 }];
}

function describe({ step, line, value, origin, ...outbreak }: Outbreak, roster: Roster): TensorEpisode {
  return {
    rule: "GN304",
    severity: severityOf(outbreak),
    tensors: [roster.numberOf(origin.tensor)],
    start: step,
    peak: step,
    end: outbreak.finiteSince >= EXIT_POINTS ? outbreak.lastStep : null,
    value,
    limit: Infinity,
    message: sentenceFor(stepName(step, roster.axis), origin),
    line,
  };
}

function sentenceFor(step: string, { tensor, nonFinite, measured, deeper }: Origin): string {
  const [nearest] = deeper;
  if (nonFinite === measured) {
    return t(
      "At {0} all {1} logged tensors are non-finite, so their origin cannot be told: it is the loss, or clipping by a NaN norm, which spreads it.",
      step,
      measured,
    );
  }
  if (nearest === undefined) {
    return t(
      "Non-finite gradients reach up to the last tensor, {0}, at {1}: {2} of {3} tensors are non-finite.",
      tensor,
      step,
      nonFinite,
      measured,
    );
  }
  const facts = [tensor, step, nonFinite, measured] as const;
  return deeper.length === 1
    ? t(
        "Non-finite gradients start at {0} at {1}, in {2} of {3} tensors; {4}, behind it, is finite.",
        ...facts,
        nearest,
      )
    : t(
        "Non-finite gradients start at {0} at {1}, in {2} of {3} tensors; the {4} from {5} on are finite.",
        ...facts,
        deeper.length,
        nearest,
      );
}

/** As for the global norm, GN101. */
function severityOf({ finiteSince, isCalibrating }: Pick<Outbreak, "finiteSince" | "isCalibrating">): Severity {
  if (finiteSince > 0 && isCalibrating) {
    return "info";
  }
  return finiteSince >= EXIT_POINTS ? "warning" : "error";
}
