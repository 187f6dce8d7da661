/** One tensor's norms as a log has them. */
export interface TensorSeries {
  readonly name: string;
  readonly steps: ArrayLike<number>;
  readonly values: ArrayLike<number>;
}

/** Norms of tensors at the steps at which every one of them was measured and finite. */
export interface TensorNorms {
  readonly names: readonly string[];
  readonly steps: Float64Array;
  /** Row i holds the norms of tensor i, one per step; zero is a norm. */
  readonly rows: readonly Float64Array[];
  /** Index of the first step that counts; adaptive clippers also see those before. */
  readonly start: number;
  /** Tensors measured at fewer than half of the steps; they are not among the rows. */
  readonly rare: readonly string[];
  /** Steps left out because a norm was missing, or was NaN or ±Inf. */
  readonly missingSteps: number;
  readonly nonFiniteSteps: number;
}

export interface StepsThatCount {
  /** Ascending. */
  readonly steps: Float64Array;
  readonly start: number;
}

// 160 MB. Of more, only the last steps are looked at; adaptive clippers then start in the middle of the run.
const MAX_NORMS = 20_000_000;

/** Puts series side by side at given steps. Of a step logged twice the later value counts. */
export function alignTensors(series: readonly TensorSeries[], all: StepsThatCount): TensorNorms {
  const first = Math.max(0, all.steps.length - Math.floor(MAX_NORMS / series.length));
  const [steps, start] = [all.steps.subarray(first), Math.max(0, all.start - first)];
  const columnOf = new Map(Array.from(steps, (step, column) => [step, column]));
  const placed = series.map((one) => place(one, columnOf));
  const isUsual = ({ measured }: Placed): boolean => 2 * countOf(measured) >= steps.length;
  const usual = placed.filter(isUsual);
  const isWhole = (column: number): boolean => usual.every(({ measured }) => measured[column] === 1);
  const isFinite = (column: number): boolean => usual.every(({ row }) => Number.isFinite(row[column]));
  const columns = [...steps.keys()];
  const whole = columns.filter(isWhole);
  const kept = whole.filter(isFinite);
  return {
    names: usual.map(({ name }) => name),
    steps: Float64Array.from(kept, (column) => steps[column] ?? 0),
    rows: usual.map(({ row }) =>
      kept.length === row.length ? row : Float64Array.from(kept, (column) => row[column] ?? 0),
    ),
    start: kept.filter((column) => column < start).length,
    rare: placed.filter((one) => !isUsual(one)).map(({ name }) => name),
    missingSteps: columns.length - whole.length,
    nonFiniteSteps: whole.length - kept.length,
  };
}

interface Placed {
  readonly name: string;
  readonly row: Float64Array;
  /** 1 where the row has a value; NaN is a value. */
  readonly measured: Uint8Array;
}

function place({ name, steps, values }: TensorSeries, columnOf: ReadonlyMap<number, number>): Placed {
  const row = new Float64Array(columnOf.size);
  const measured = new Uint8Array(columnOf.size);
  for (let index = 0; index < steps.length; index += 1) {
    const column = columnOf.get(steps[index] ?? Number.NaN);
    if (column !== undefined) {
      row[column] = values[index] ?? Number.NaN;
      measured[column] = 1;
    }
  }
  return { name, row, measured };
}

function countOf(measured: Uint8Array): number {
  return measured.reduce((sum, one) => sum + one, 0);
}
