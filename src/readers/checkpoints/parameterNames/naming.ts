/** The states of one parameter. */
export interface State {
  /** Number in the order of the groups. */
  readonly id: number;
  readonly group: number;
  /** Its parameter's shape; null where no state tells it. */
  readonly shape: readonly number[] | null;
}

/** Names by number; those in doubt are missing. */
export interface Naming {
  readonly names: ReadonlyMap<number, string>;
  readonly rule: string;
}
