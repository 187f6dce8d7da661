import type { Axis } from "#core/series.ts";
import { factsOf } from "./tensorFacts.ts";
import type { TensorFacts } from "./tensorFacts.ts";

/** The tensors of a run, each with a number: rules keep what they know of a tensor at its number. It only grows. */
export interface Roster {
  /** What the steps of their norms count, when it is not optimizer steps. */
  readonly axis: Axis | undefined;
  readonly numberOf: (tensor: string) => number;
  readonly nameOf: (tensor: number) => string;
  readonly names: () => readonly string[];
  readonly factsOf: (tensor: number) => TensorFacts;
  /** Undefined when no such tensor has been logged. */
  readonly find: (tensor: string) => number | undefined;
  readonly embeddings: () => readonly number[];
  readonly heads: () => readonly number[];
  /** The tensors of a group of experts. */
  readonly experts: (group: string) => readonly number[];
}

export function createRoster(axis?: Axis): Roster {
  const numbers = new Map<string, number>();
  const names: string[] = [];
  /** Of tensors that were asked for: few are. */
  const facts = new Map<number, TensorFacts>();
  const embeddings: number[] = [];
  const heads: number[] = [];
  const experts = new Map<string, number[]>();

  function enlist(name: string): number {
    const number = names.length;
    const { isEmbedding, isHead, expertGroup } = factsOf(name);
    numbers.set(name, number);
    names.push(name);
    if (isEmbedding) {
      embeddings.push(number);
    }
    if (isHead) {
      heads.push(number);
    }
    if (expertGroup !== undefined) {
      const group = experts.get(expertGroup) ?? [];
      experts.set(expertGroup, group);
      group.push(number);
    }
    return number;
  }

  return {
    axis,
    numberOf: (name) => numbers.get(name) ?? enlist(name),
    nameOf: (number) => names[number] ?? "",
    names: () => names,
    factsOf(number) {
      const known = facts.get(number) ?? factsOf(names[number] ?? "");
      facts.set(number, known);
      return known;
    },
    find: (name) => numbers.get(name),
    embeddings: () => embeddings,
    heads: () => heads,
    experts: (group) => experts.get(group) ?? [],
  };
}
