const MAD_TO_SIGMA = 1.4826;
// Beyond so many numbers that came in, sorting all anew is as quick as putting each in its place.
const MOST_WAITING = 32;
// Of the sorted numbers those between which the median is sure to stay for a while.
const [LOW_SHARE, HIGH_SHARE] = [0.4, 0.6];

/**
 * The last so many finite numbers of a series. They are sorted when a median is asked for; until then two of them are
 * known between which it lies, because it is counted how many at most lie beyond each.
 */
export interface Window {
  readonly length: () => number;
  /** Takes a number in; returns the one that leaves for it, undefined while the window fills. */
  readonly push: (value: number) => number | undefined;
  /** Undefined while empty. */
  readonly median: () => number | undefined;
  /** What the median is at least and at most, at no cost; -Infinity and Infinity where nothing is known of it. */
  readonly leastMedian: () => number;
  readonly mostMedian: () => number;
  /** 1.4826 times the median absolute deviation: σ of normal noise. 0 while empty. */
  readonly spread: () => number;
}

export function createWindow(size: number): Window {
  const arrived = new Float64Array(size).fill(Infinity);
  const sorted = new Float64Array(size).fill(Infinity); // Behind the numbers, while there are fewer.
  const left = new Float64Array(Math.min(size, MOST_WAITING));
  let [length, slot, waiting] = [0, 0, 0];
  let [low, high, below, above] = [-Infinity, Infinity, 0, 0];

  function settle(): void {
    if (waiting === 0) {
      return;
    }
    if (waiting > left.length) {
      sorted.set(arrived);
      sorted.sort();
    } else {
      for (let turn = 0; turn < waiting; turn += 1) {
        const from = (slot - waiting + turn + size) % size;
        replaceInSorted(sorted, left[turn] ?? Infinity, arrived[from] ?? Infinity);
      }
    }
    waiting = 0;
    below = Math.floor(LOW_SHARE * (length - 1));
    above = length - 1 - Math.ceil(HIGH_SHARE * (length - 1));
    low = sorted[below] ?? -Infinity;
    high = sorted[length - 1 - above] ?? Infinity;
  }

  return {
    length: () => length,
    push(value) {
      const leaving = arrived[slot] ?? Infinity;
      arrived[slot] = value;
      slot = slot + 1 === size ? 0 : slot + 1;
      if (waiting < left.length) {
        left[waiting] = leaving;
      }
      waiting += 1;
      below += value < low ? 1 : 0;
      above += value > high ? 1 : 0;
      if (length < size) {
        length += 1;
        return undefined;
      }
      below -= leaving < low ? 1 : 0;
      above -= leaving > high ? 1 : 0;
      return leaving;
    },
    median() {
      settle();
      return middleOf(sorted, length);
    },
    leastMedian: () => (below <= (length - 1) >> 1 ? low : -Infinity),
    mostMedian: () => (above <= (length - 1) >> 1 ? high : Infinity),
    spread() {
      settle();
      return MAD_TO_SIGMA * medianDeviation(sorted, length);
    },
  };
}

/** The median of the first so many sorted numbers. */
function middleOf(sorted: Float64Array, length: number): number | undefined {
  const [low, high] = [sorted[(length - 1) >> 1], sorted[length >> 1]];
  return length === 0 || low === undefined || high === undefined ? undefined : low + (high - low) / 2;
}

/** Takes one value out and puts one in, moving only what lies between them. */
function replaceInSorted(sorted: Float64Array, old: number, now: number): void {
  let place = firstIndexAtLeast(sorted, old);
  for (; place + 1 < sorted.length && (sorted[place + 1] ?? Infinity) < now; place += 1) {
    sorted[place] = sorted[place + 1] ?? Infinity;
  }
  for (; place > 0 && (sorted[place - 1] ?? -Infinity) > now; place -= 1) {
    sorted[place] = sorted[place - 1] ?? -Infinity;
  }
  sorted[place] = now;
}

function firstIndexAtLeast(sorted: Float64Array, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? Infinity) < value) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

/** Walks from the median to both sides, always to the nearer value, until half of the values are behind. */
function medianDeviation(sorted: Float64Array, length: number): number {
  const median = middleOf(sorted, length) ?? 0;
  const middle = (length - 1) / 2;
  let right = firstIndexAtLeast(sorted, median);
  let left = right - 1;
  let before = 0;
  let deviation = 0;
  for (let taken = 0; taken <= Math.ceil(middle) && taken < length; taken += 1) {
    const below = median - (sorted[left] ?? -Infinity);
    const above = (sorted[right] ?? Infinity) - median;
    before = deviation;
    deviation = Math.min(below, above);
    if (below < above) {
      left -= 1;
    } else {
      right += 1;
    }
  }
  return Number.isInteger(middle) ? deviation : (before + deviation) / 2;
}
