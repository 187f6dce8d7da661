import { factsOf } from "./tensorFacts.ts";
import type { TensorFacts } from "./tensorFacts.ts";

/** The tensors of a run, each with a number: rules keep what they know of a tensor at its number. It only grows. */
export interface Roster {
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

export function createRoster(): Roster {
  const numbers = new Map<string, number>();
  const tensors: { readonly name: string; readonly facts: TensorFacts }[] = [];
  const embeddings: number[] = [];
  const heads: number[] = [];
  const experts = new Map<string, number[]>();

  function enlist(name: string): number {
    const number = tensors.length;
    const facts = factsOf(name);
    numbers.set(name, number);
    tensors.push({ name, facts });
    if (facts.isEmbedding) {
      embeddings.push(number);
    }
    if (facts.isHead) {
      heads.push(number);
    }
    if (facts.expertGroup !== undefined) {
      experts.set(facts.expertGroup, [...(experts.get(facts.expertGroup) ?? []), number]);
    }
    return number;
  }

  return {
    numberOf: (name) => numbers.get(name) ?? enlist(name),
    nameOf: (number) => tensors[number]?.name ?? "",
    names: () => tensors.map(({ name }) => name),
    factsOf: (number) => tensors[number]?.facts ?? factsOf(""),
    find: (name) => numbers.get(name),
    embeddings: () => embeddings,
    heads: () => heads,
    experts: (group) => experts.get(group) ?? [],
  };
}
