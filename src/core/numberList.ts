import { concatenate } from "./numbers.ts";

/** Numbers that are added one by one or many at a time, and taken out once. */
export interface NumberList {
  readonly length: () => number;
  readonly add: (value: number) => void;
  readonly addAll: (numbers: SpacedNumbers) => void;
  /** Adds whole numbers that follow each other. */
  readonly addRange: (first: number, count: number) => void;
  readonly finish: () => Float64Array;
}

/** Of an array `count` numbers, from one on, each `width` after the one before. */
export interface SpacedNumbers {
  readonly values: Float64Array;
  readonly from: number;
  readonly width: number;
  readonly count: number;
}

// A list grows by blocks, which are put together once.
const FIRST_CAPACITY = 64;
const LARGEST_CAPACITY = 4096;
// The largest ones are used again, as many as a batch of a log fills: the garbage collector runs less often.
const MAX_SPARE = 256;
const spare: Float64Array<ArrayBuffer>[] = [];

export function createNumberList(): NumberList {
  const full: Float64Array<ArrayBuffer>[] = [];
  let block = new Float64Array(FIRST_CAPACITY);
  let [before, filled] = [0, 0];

  function beginBlock(): void {
    full.push(block);
    before += filled;
    block = newBlock(Math.min(2 * filled, LARGEST_CAPACITY));
    filled = 0;
  }

  /** Has `count` numbers written, some of them into each block. */
  function inBlocks(count: number, write: WriteSome): void {
    for (let done = 0; done < count;) {
      if (filled === block.length) {
        beginBlock();
      }
      const some = Math.min(count - done, block.length - filled);
      write(block, filled, done, some);
      filled += some;
      done += some;
    }
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
      inBlocks(count, (target, at, done, some) => {
        copySpaced({ values, from: from + done * width, width, count: some }, target, at);
      });
    },
    addRange(first, count) {
      inBlocks(count, (target, at, done, some) => fillRange(target, at, first + done, some));
    },
    finish() {
      const whole = concatenate([...full, block.subarray(0, filled)]);
      spare.push(
        ...[...full, block].filter(({ length }) => length === LARGEST_CAPACITY).slice(0, MAX_SPARE - spare.length),
      );
      full.length = 0;
      [block, before, filled] = [new Float64Array(FIRST_CAPACITY), 0, 0];
      return whole;
    },
  };
}

function newBlock(length: number): Float64Array<ArrayBuffer> {
  return (length === LARGEST_CAPACITY ? spare.pop() : undefined) ?? new Float64Array(length);
}

/** Writes `some` numbers to a place of a block, when so many are done. */
type WriteSome = (target: Float64Array, at: number, done: number, some: number) => void;

function fillRange(target: Float64Array, at: number, first: number, count: number): void {
  for (let index = 0; index < count; index += 1) {
    target[at + index] = first + index;
  }
}

function copySpaced({ values, from, width, count }: SpacedNumbers, target: Float64Array, at: number): void {
  for (let index = 0; index < count; index += 1) {
    target[at + index] = values[from + index * width] ?? Number.NaN;
  }
}
