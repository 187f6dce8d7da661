import { createBaseline } from "./baseline.ts";
import type { ContextChange, NormPoint } from "./rule.ts";
import { createSurroundings } from "./surroundings.ts";
import { WARM_UP_POINTS } from "./warmUp.ts";

/** What a run's norms are measured against, for people to see: the baseline that the rules use, point by point. */
export interface BaselinePicture {
  /** Columns of equal length. NaN values stand between segments and where there are too few points for a baseline. */
  readonly steps: Float64Array<ArrayBuffer>;
  readonly median: Float64Array<ArrayBuffer>;
  /** The median less and plus two robust spreads of ln‖g‖. */
  readonly low: Float64Array<ArrayBuffer>;
  readonly high: Float64Array<ArrayBuffer>;
  readonly warmUps: readonly { readonly from: number; readonly until: number }[];
  /** First steps after a restart. */
  readonly resumes: readonly number[];
  /** Where the learning rate jumped by more than a factor of 2 after the warm-up. */
  readonly rateChanges: readonly Pick<ContextChange, "step" | "from" | "to">[];
}

/** Takes points in the order of the log; a step that goes back starts a new baseline. */
export interface BaselineTrace {
  readonly push: (point: NormPoint) => void;
  readonly picture: () => BaselinePicture;
}

const SPREADS = 2;
// A window of 200 points moves slowly, so a sample for every few points shows all there is of it.
const MOST_SAMPLES = 16_384;

interface Sample {
  readonly step: number;
  readonly median: number;
  readonly spread: number;
}

interface Stretch {
  readonly baseline: ReturnType<typeof createBaseline>;
  readonly surroundings: ReturnType<typeof createSurroundings>;
}

export function createBaselineTrace(): BaselineTrace {
  const samples = createThinningList<Sample>(MOST_SAMPLES);
  const warmUps: { from: number; until: number }[] = [];
  const resumes: number[] = [];
  const rateChanges: ContextChange[] = [];
  let stretch: Stretch | undefined;
  let lastStep = Number.NEGATIVE_INFINITY;
  return {
    push(point) {
      if (stretch === undefined || point.step < lastStep) {
        if (stretch !== undefined) {
          resumes.push(point.step);
          samples.keep({ step: lastStep, median: Number.NaN, spread: Number.NaN });
        }
        stretch = { baseline: createBaseline(), surroundings: createSurroundings() };
        warmUps.push({ from: point.step, until: point.step });
      }
      lastStep = point.step;
      see(stretch, point);
    },
    picture: () => ({ ...columnsOf(samples.all()), warmUps, resumes, rateChanges }),
  };

  function see({ baseline, surroundings }: Stretch, point: NormPoint): void {
    const { isWarm, change, log } = surroundings.see(point);
    const warmUp = warmUps.at(-1);
    if (!isWarm && warmUp !== undefined) {
      warmUp.until = point.step;
    } else if (change?.step === point.step) {
      rateChanges.push(change);
    }
    if (baseline.length() >= WARM_UP_POINTS) {
      samples.add(() => ({ step: point.step, median: baseline.median() ?? Number.NaN, spread: baseline.spread() }));
    }
    if (Number.isFinite(log)) {
      baseline.push(log);
    }
  }
}

function columnsOf(samples: readonly Sample[]): Pick<BaselinePicture, "steps" | "median" | "low" | "high"> {
  const column = (of: (sample: Sample) => number): Float64Array<ArrayBuffer> => Float64Array.from(samples, of);
  return {
    steps: column(({ step }) => step),
    median: column(({ median }) => Math.exp(median)),
    low: column(({ median, spread }) => Math.exp(median - SPREADS * spread)),
    high: column(({ median, spread }) => Math.exp(median + SPREADS * spread)),
  };
}

/** Keeps evenly spread elements, never more than `most`, and those that must be kept. */
function createThinningList<T>(most: number): {
  readonly add: (make: () => T) => void;
  readonly keep: (element: T) => void;
  readonly all: () => readonly T[];
} {
  let elements: { readonly element: T; readonly isKept: boolean }[] = [];
  let stride = 1;
  let offered = 0;
  return {
    add(make) {
      if (offered % stride === 0) {
        elements.push({ element: make(), isKept: false });
        if (elements.length > most) {
          elements = elements.filter(({ isKept }, index) => isKept || index % 2 === 0);
          stride *= 2;
        }
      }
      offered += 1;
    },
    keep: (element) => void elements.push({ element, isKept: true }),
    all: () => elements.map(({ element }) => element),
  };
}
