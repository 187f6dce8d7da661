import type { Random } from "../support/random.ts";

/** What is fuzzed: a function of bytes that must say how it ended, in little time and memory, and never throw. */
export interface Target {
  readonly name: string;
  /** What it is meant to read, made by writers of the tests. */
  readonly seeds: () => readonly Uint8Array[] | Promise<readonly Uint8Array[]>;
  /** A change that keeps what every input must be to be looked at; undefined when this one is not. */
  readonly change?: (input: Uint8Array, other: Uint8Array, random: Random) => Uint8Array | undefined;
  /** One word for the outcome. Whatever it throws is a finding. */
  readonly run: (input: Uint8Array) => string | Promise<string>;
}
