/** Where a path leads, with every link in it resolved. */
export interface Place {
  readonly path: string;
  readonly isFolder: boolean;
  /** Milliseconds since the epoch. */
  readonly modifiedMs: number;
}
