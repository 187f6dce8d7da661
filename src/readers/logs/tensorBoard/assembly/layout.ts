// Where what lies in the kernel's memory, in bytes: for the kernel and for what fills it.

export const CHECKSUM_TABLE = 1024;
const CHECKSUM_TABLE_BYTES = 8192;

/** Samples of the records that were passed. */
export const ROWS = CHECKSUM_TABLE + CHECKSUM_TABLE_BYTES;
export const ROWS_END = ROWS + 65_536;

/** The part of the log that is being read. Behind it is room for a vector that reaches over its end. */
export const WINDOW = ROWS_END;
export const WINDOW_BYTES = 65_536;
export const VECTOR_BYTES = 16;
/** Longer ones hold more than scalars. */
export const MAX_RECORD_BYTES = 8192;

/** Known events, one after another. */
export const EVENTS = WINDOW + WINDOW_BYTES + VECTOR_BYTES;
export const MEMORY_BYTES = 16_777_216;

/** A row: column and record as u32, step, value and time as f64. */
export const ROW_BYTES = 32;

/** An event, all as u32: where the one is that came after it, and where its pattern is and the mask of that. */
export const NEXT = 0;
export const PATTERN = 4;
export const MASK = 8;
/** Then places in its record. */
export const DATA_END = 12;
/** 0 for an event without a time. */
export const TIME = 16;
/** Of a varint; both are 0 for an event without a step. */
export const STEP = 20;
export const STEP_END = 24;
/** Then its scalars: column, and place and bytes of the number. Then pattern and mask, in whole vectors. */
export const SCALARS = 28;
export const SCALAR_BYTES = 12;
