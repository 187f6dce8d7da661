import type { DType } from "#core/dtype.ts";

/** A torch storage as a pickle refers to it. */
export interface StorageReference {
  readonly key: string;
  /** Missing for bytes without a type and for quantised numbers. */
  readonly dtype: DType | undefined;
  /** Bytes of an element. */
  readonly width: number;
  readonly elements: number;
  /** First element in the storage with that key; not 0 for the views of old files. */
  readonly offset: number;
}

/** A tensor as torch pickles it. */
export interface StridedRecord {
  readonly kind: "strided";
  readonly storage: StorageReference;
  readonly dtype: DType;
  /** In elements; whether they are possible is checked where they are used. */
  readonly offset: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
  /** Its elements are the stored values of a sparse tensor. */
  readonly isSparse?: boolean;
}
