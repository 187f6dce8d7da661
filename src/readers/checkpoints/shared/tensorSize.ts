import { blockOf, type DType } from "#core/dtype.ts";
import { firstNames } from "#l10n/lists.ts";
import { t } from "@vscode/l10n";

import { tensorLabel } from "./tensorLabel.ts";

export interface TensorSize {
  readonly elements: number;
  readonly bytes: number;
  /** Whether they fill whole bytes, of a quantised type whole blocks. */
  readonly isWhole: boolean;
}

/** Undefined past 2^53 - 1 bits, where numbers are no longer exact. A dimension of 0 leaves nothing, however large others are. */
export function sizeOf(dtype: DType, shape: readonly number[]): TensorSize | undefined {
  if (shape.includes(0)) {
    return { elements: 0, bytes: 0, isWhole: true };
  }
  let elements = 1;
  for (const size of shape) {
    elements *= size;
    if (!Number.isSafeInteger(elements * MAX_BITS)) {
      return undefined;
    }
  }
  const block = blockOf(dtype);
  return { elements, bytes: (elements / block.elements) * block.bytes, isWhole: elements % block.elements === 0 };
}

/** Of one element, of all types. */
const MAX_BITS = 128;

/** The same list without room to grow: one made by `push` or `flatMap` keeps room for sixteen more, for each tensor. */
export function trimmed<T>(list: readonly T[]): readonly T[] {
  return list.slice();
}

/** `h.0.weight: F32 of shape [2, 3]`, for messages. */
export function describeTensor(name: string, dtype: string, shape: readonly number[]): string {
  const shown = firstNames(shape.map(String), SHOWN_DIMENSIONS);
  return t("{0}: {1} of shape [{2}]", tensorLabel(name), dtype, shown);
}

const SHOWN_DIMENSIONS = 8;
