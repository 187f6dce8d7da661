export type Cell = null | number | bigint | string | Uint8Array;
export type Row = Readonly<Record<string, Cell | undefined>>;

/** An open database that readers ask. Nothing in it can be changed. */
export interface Database {
  /** All rows of a query. Throws what the database says when it cannot be asked: it is locked, or damaged. */
  readonly all: (sql: string, ...parameters: readonly (number | string)[]) => readonly Row[];
}
