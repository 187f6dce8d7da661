/** A number in a file of settings. */
export interface Setting {
  /** The key, behind those it is inside of. */
  readonly path: readonly string[];
  /** As it is written. */
  readonly value: string;
  /** Zero-based. */
  readonly line: number;
}
