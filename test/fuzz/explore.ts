import process from "node:process";
import { counters } from "./counters.ts";
import { createCoverage } from "./coverage.ts";
import type { Coverage } from "./coverage.ts";
import { execute, measured } from "./execute.ts";
import { watchMemory } from "./memory.ts";
import { minimised } from "./minimise.ts";
import { enlarged, mutate } from "./mutate.ts";
import type { Target } from "./target.ts";
import { createRandom } from "../support/random.ts";
import type { Random } from "../support/random.ts";

export interface Exploration {
  readonly target: Target;
  readonly seconds: number;
  /** Not more than so many, where it must always be the same. */
  readonly maxExecutions: number;
  readonly seed: number;
  /** Inputs that earlier explorations kept. */
  readonly corpus: readonly Uint8Array[];
  readonly usedCounters: number;
  readonly literals: readonly (readonly [firstCounter: number, literals: readonly (string | number)[]])[];
  /** Told before each execution, for whoever watches that it ends. */
  readonly onStart: (input: Uint8Array) => void;
  readonly onKept: (input: Uint8Array) => void;
  readonly onBroken: (finding: Finding) => void;
}

export interface Finding {
  readonly promise: string;
  readonly what: string;
  readonly input: Uint8Array;
}

export interface Explored {
  readonly executions: number;
  /** Of the processor. */
  readonly seconds: number;
  readonly kept: number;
  readonly blocks: number;
  readonly outcomes: Readonly<Record<string, number>>;
}

// What is wrong with large inputs mostly is with small ones, too, of which many more can be tried in the same time.
const INPUT_BYTES: readonly number[] = [128, 256, 512, 2048];
// But for what takes too long: now and then one is made large.
const LARGE_EVERY = 4000;
const ENLARGED_BYTES = 65_536;
// What takes longer is in time, but not changed further: a hundred others are tried meanwhile.
const SLOW_MS = 10;
const REFRESH_WORDS_EVERY = 20_000;

/**
 * Changes inputs and keeps those that enter new code, to be changed further, until the time is over. Findings are told once
 * for each error, as small as they could be made.
 */
export async function explore(exploration: Exploration): Promise<Explored> {
  const { target, seconds, maxExecutions, seed, usedCounters, literals, onStart, onKept, onBroken } = exploration;
  const random = createRandom(seed);
  const coverage = createCoverage(counters, usedCounters);
  const corpus: Uint8Array[] = [];
  const known = new Set<string>();
  const memory = watchMemory(target);
  const outcomes: Record<string, number> = {};
  let executions = 0;

  async function run(input: Uint8Array): Promise<boolean> {
    executions += 1;
    onStart(input);
    counters.fill(0, 0, usedCounters);
    const start = performance.now();
    const execution = await execute(target, input);
    const isSlow = performance.now() - start > SLOW_MS && (await processorMs(target, input)) > SLOW_MS;
    if (execution.kind === "broken") {
      await tell(execution, input);
      return false;
    }
    outcomes[execution.outcome] = (outcomes[execution.outcome] ?? 0) + 1;
    const isNew = coverage.isNew(isSlow ? null : input) && !isSlow;
    for (const [suspect, mebibytes] of await memory.add(input)) {
      await tell({ promise: "memory", what: `${mebibytes.toFixed(0)} MiB for ${suspect.length} bytes` }, suspect);
    }
    return isNew;
  }

  async function tell({ promise, what }: Omit<Finding, "input">, input: Uint8Array): Promise<void> {
    outcomes["broken"] = (outcomes["broken"] ?? 0) + 1;
    const name = `${promise} ${what.replaceAll(/\d+/g, "0")}`;
    if (!known.has(name)) {
      known.add(name);
      onBroken({ promise, what, input: promise === "throws" ? await minimised(target, input, what) : input });
    }
  }

  const seeds = await target.seeds();
  for (const input of [...seeds, ...exploration.corpus]) {
    if ((await run(input)) || seeds.includes(input)) {
      corpus.push(input);
    }
  }
  const start = performance.now();
  const startUsage = process.threadCpuUsage();
  let words = wordsOf(literals, coverage, usedCounters);
  const pick = (): Uint8Array =>
    (random.below(2) === 0 ? coverage.shortest(random) : undefined) ?? pickInput(corpus, random) ?? EMPTY;
  const change = (input: Uint8Array): Uint8Array => {
    const kept = random.below(4) === 0 ? undefined : target.change?.(input, pick(), random);
    const maxBytes = Math.max(random.pick(INPUT_BYTES), input.length);
    return kept ?? mutate(input, { random, words, other: pick, maxBytes });
  };
  while (performance.now() - start < seconds * 1000 && executions < maxExecutions) {
    if (executions % REFRESH_WORDS_EVERY === 0) {
      words = wordsOf(literals, coverage, usedCounters);
    }
    const isLarge = executions % LARGE_EVERY === 0;
    const changed = change(pick());
    const input = isLarge ? enlarged(changed, ENLARGED_BYTES, random) : changed;
    if ((await run(input)) && !isLarge) {
      corpus.push(input);
      onKept(input);
    }
  }
  const { user, system } = process.threadCpuUsage(startUsage);
  return { executions, seconds: (user + system) / 1e6, kept: corpus.length, blocks: coverage.blocks(), outcomes };
}

/** Of the same once more: a machine with other work lets any input look slow. */
async function processorMs(target: Target, input: Uint8Array): Promise<number> {
  counters.fill(0);
  return (await measured(target, input)).milliseconds;
}

const EMPTY = new Uint8Array();

/** Half of the time one of the newest: they are at the border of what is known. Of two the shorter, which is faster. */
function pickInput(corpus: readonly Uint8Array[], random: Random): Uint8Array | undefined {
  const newest = Math.min(corpus.length, Math.max(8, corpus.length >> 3));
  const place = (): number =>
    random.below(2) === 0 ? corpus.length - 1 - random.below(newest) : random.below(corpus.length);
  const [first, second] = [corpus[place()], corpus[place()]];
  return first !== undefined && second !== undefined && first.length > second.length ? second : first;
}

/** Texts and numbers in the files of which something was entered. */
function wordsOf(literals: Exploration["literals"], coverage: Coverage, used: number): readonly Uint8Array[] {
  const sorted = literals.toSorted(([a], [b]) => a - b);
  const words = sorted.flatMap(([first, words_], at) =>
    coverage.entered(first, sorted[at + 1]?.[0] ?? used) ? words_ : [],
  );
  return [...new Set(words)].filter((word) => word !== "").map((word) => Buffer.from(String(word)).subarray(0, 64));
}
