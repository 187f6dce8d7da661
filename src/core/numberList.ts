/** Numbers that are added one by one or many at a time, and taken out once. */
export interface NumberList {
  readonly length: () => number;
  readonly add: (value: number) => void;
  readonly addAll: (numbers: SpacedNumbers) => void;
  readonly finish: () => Float64Array;
}

/** Of an array `count` numbers, from one on, each `width` after the one before. */
export interface SpacedNumbers {
  readonly values: Float64Array;
  readonly from: number;
  readonly width: number;
  readonly count: number;
}

// A list grows by blocks, which are put together once. They are small enough for the allocator to use them again.
const FIRST_CAPACITY = 64;
const LARGEST_CAPACITY = 4096;

export function createNumberList(): NumberList {
  const full: Float64Array[] = [];
  let block = new Float64Array(FIRST_CAPACITY);
  let [before, filled] = [0, 0];

  function beginBlock(): void {
    full.push(block);
    before += filled;
    block = new Float64Array(Math.min(2 * filled, LARGEST_CAPACITY));
    filled = 0;
  }

  return {
    length: () => before + filled,
    add(value) {
      if (filled === block.length) {
        beginBlock();
      }
      block[filled] = value;
      filled += 1;
    },
    addAll({ values, from, width, count }) {
      for (let done = 0; done < count; ) {
        if (filled === block.length) {
          beginBlock();
        }
        const some = Math.min(count - done, block.length - filled);
        copySpaced({ values, from: from + done * width, width, count: some }, block, filled);
        filled += some;
        done += some;
      }
    },
    finish: () => joined([...full, block.subarray(0, filled)], before + filled),
  };
}

function copySpaced({ values, from, width, count }: SpacedNumbers, target: Float64Array, at: number): void {
  for (let index = 0; index < count; index += 1) {
    target[at + index] = values[from + index * width] ?? Number.NaN;
  }
}

function joined(blocks: readonly Float64Array[], length: number): Float64Array {
  const whole = new Float64Array(length);
  let at = 0;
  for (const block of blocks) {
    whole.set(block, at);
    at += block.length;
  }
  return whole;
}
