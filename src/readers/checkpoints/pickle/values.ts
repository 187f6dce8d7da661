import type { StorageReference, StridedRecord } from "../torch/strided.ts";

/** What a pickle holds, inert: what a call would have made is the record of the call. Records may contain themselves. */
export type PickleValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | PickleText
  | PickleBytes
  | PickleList
  | PickleDict
  | PickleGlobal
  | PickleObject
  | PicklePersistent;

/** Text whose place matters or that is too long to keep: numpy's bytes of protocol 2 are such. */
export interface PickleText {
  readonly kind: "text";
  /** Of the encoded text, from the start of the source. */
  readonly offset: number;
  readonly byteLength: number;
  /** Missing when it is long. */
  readonly text: string | undefined;
}

export interface PickleBytes {
  readonly kind: "bytes";
  /** From the start of the source. */
  readonly offset: number;
  readonly byteLength: number;
  /** Missing when there are many. */
  readonly bytes: Uint8Array | undefined;
}

export interface PickleList {
  readonly kind: "tuple" | "list" | "set";
  readonly items: PickleValue[];
}

/** Pairs as they were set: a key may come twice, and the later one counts. Keys may be any value, even unfinished ones. */
export interface PickleDict {
  readonly kind: "dict";
  keys?: PickleValue[];
  values?: PickleValue[];
}

/** A class or function, which is only a name here. */
export interface PickleGlobal {
  readonly kind: "global";
  /** `torch._utils._rebuild_tensor_v2`. */
  readonly name: string;
}

/** Something that a call would have made. */
export interface PickleObject {
  readonly kind: "object";
  readonly callable: PickleValue;
  readonly args: PickleValue;
  readonly keywords?: PickleValue;
  /** The tensor it would have made, where that was seen at once: its arguments are gone. */
  readonly tensor?: StridedRecord;
  /** What BUILD gave it, the last time. */
  state?: PickleValue;
  /** What was appended to it. */
  items?: PickleValue[];
  /** What was set in it, as in a dict. */
  keys?: PickleValue[];
  values?: PickleValue[];
}

/** Something that lies outside the pickle: torch's storages. */
export interface PicklePersistent {
  readonly kind: "persistent";
  readonly id: PickleValue;
  /** The storage it refers to, where that was seen at once: its id is gone. */
  readonly storage?: StorageReference;
}
