/** What is fuzzed: a function of bytes that must say how it ended, in little time and memory, and never throw. */
export interface Target {
  readonly name: string;
  /** What it is meant to read, made by writers of the tests. */
  readonly seeds: () => readonly Uint8Array[] | Promise<readonly Uint8Array[]>;
  /** One word for the outcome. Whatever it throws is a finding. */
  readonly run: (input: Uint8Array) => string | Promise<string>;
}
