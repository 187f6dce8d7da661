/** A number for each tensor, 0 at first. A column takes a tenth of what an object for each of ten thousand takes. */
export interface TensorNumbers {
  readonly of: (tensor: number) => number;
  readonly set: (tensor: number, value: number) => void;
  readonly add: (tensor: number, value: number) => void;
  /** How many are not 0. */
  readonly count: () => number;
  readonly copy: () => TensorNumbers;
}

const GROWTH = 1.25;

export function createTensorNumbers(known = new Float64Array()): TensorNumbers {
  let numbers = known;

  function set(tensor: number, value: number): void {
    if (tensor >= numbers.length) {
      const longer = new Float64Array(Math.max(tensor + 1, Math.ceil(numbers.length * GROWTH)));
      longer.set(numbers);
      numbers = longer;
    }
    numbers[tensor] = value;
  }

  return {
    of: (tensor) => numbers[tensor] ?? 0,
    set,
    add: (tensor, value) => set(tensor, (numbers[tensor] ?? 0) + value),
    count: () => numbers.reduce((count, value) => count + (value === 0 ? 0 : 1), 0),
    copy: () => createTensorNumbers(numbers.slice()),
  };
}
