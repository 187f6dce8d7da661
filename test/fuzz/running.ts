/** The input that runs, shared with who watches: its number and its length, four bytes each, then its bytes. */
export const RUNNING_HEAD_BYTES = 8;
