import { createBaseline } from "./points/baseline.ts";
import { isTooCoarse } from "./points/loggedNorms.ts";
import type { LoggedNorms } from "./points/loggedNorms.ts";
import { createBlock } from "./points/points.ts";
import type { Points } from "./points/points.ts";
import type { ContextChange } from "./points/seenPoint.ts";
import { createSurroundings } from "./points/surroundings.ts";
import { WARM_UP_POINTS } from "./points/warmUp.ts";
import type { Window } from "./points/window.ts";

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

/** A step that goes back starts a new baseline. */
export interface BaselineTrace {
  /** Takes the rows from one on. */
  readonly push: (norms: LoggedNorms, from: number) => void;
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
  readonly baseline: Window;
  readonly surroundings: ReturnType<typeof createSurroundings>;
}

export function createBaselineTrace(): BaselineTrace {
  const samples = createThinningList<Sample>(MOST_SAMPLES);
  const warmUps: { from: number; until: number }[] = [];
  const resumes: number[] = [];
  const rateChanges: ContextChange[] = [];
  let stretch: Stretch | undefined;
  let lastStep = Number.NEGATIVE_INFINITY;
  const block = createBlock();
  return {
    push(norms, from) {
      for (let row = from; row < norms.steps.length; row += 1) {
        if (!isTooCoarse(norms, row)) {
          const { baseline, surroundings } = stretchAt(norms.steps[row] ?? Number.NaN);
          surroundings.see(norms, row, block);
          see(block, baseline);
          block.clear();
        }
      }
    },
    picture: () => ({ ...columnsOf(samples.all()), warmUps, resumes, rateChanges }),
  };

  function stretchAt(step: number): Stretch {
    if (stretch === undefined || step < lastStep) {
      if (stretch !== undefined) {
        resumes.push(step);
        samples.keep({ step: lastStep, median: Number.NaN, spread: Number.NaN });
      }
      stretch = { baseline: createBaseline(), surroundings: createSurroundings() };
      warmUps.push({ from: step, until: step });
    }
    lastStep = step;
    return stretch;
  }

  function see({ steps, logs, areWarm, changes }: Points, baseline: Window): void {
    const [step = Number.NaN, log = Number.NaN, change] = [steps[0], logs[0], changes[0]];
    const warmUp = warmUps.at(-1);
    if (areWarm[0] === 0 && warmUp !== undefined) {
      warmUp.until = step;
    } else if (change?.step === step) {
      rateChanges.push(change);
    }
    if (baseline.length() >= WARM_UP_POINTS) {
      samples.add(() => ({ step, median: baseline.median() ?? Number.NaN, spread: baseline.spread() }));
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
