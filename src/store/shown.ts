import { joinSeries } from "./joined.ts";
import type { LogSeries, SourcedSeries } from "./joined.ts";
import { compareSeries } from "./twins.ts";
import type { Likeness } from "./twins.ts";

/** Logs that follow each other, oldest first, with their series by name. */
export type Chain = readonly { readonly path: string; readonly byName: ReadonlyMap<string, LogSeries> }[];

export interface Shown {
  readonly series: readonly SourcedSeries[];
  /** For people: which logs disagree. */
  readonly notes: readonly string[];
}

/** Makes one series of parts, the same one as long as only the last part grows. */
export type Joiner = (parts: readonly [LogSeries, ...LogSeries[]]) => SourcedSeries;

interface Candidate {
  readonly series: SourcedSeries;
  readonly chain: Chain;
}

/**
 * Every series once, from the first chain that has it; the most precise come first. The same norm is in several
 * formats under several names, so a series is left out when another of its kind has the same numbers.
 */
export function chooseShown(chains: readonly Chain[], join: Joiner): Shown {
  const taken = new Map<string, Candidate[]>();
  const shown: SourcedSeries[] = [];
  const disputes: Dispute[] = [];
  const candidates = chains.flatMap((chain) => candidatesOf(chain, join));
  for (const candidate of [...candidates.filter(isComputed), ...candidates.filter((one) => !isComputed(one))]) {
    const rivals = taken.get(identityOf(candidate.series)) ?? [];
    taken.set(identityOf(candidate.series), [...rivals, candidate]);
    const others = rivals.filter(({ chain }) => chain !== candidate.chain);
    const likenesses = others.map((rival) => ({ rival, likeness: likenessOf(rival, candidate) }));
    if (likenesses.some(({ likeness }) => likeness.kind === "same")) {
      continue;
    }
    shown.push(candidate.series);
    for (const { rival, likeness } of likenesses) {
      if (likeness.kind === "different" && shortName(rival.series) === shortName(candidate.series)) {
        disputes.push({ shown: rival.series, other: candidate.series, likeness });
      }
    }
  }
  return { series: shown, notes: describeDisputes(disputes) };
}

interface Joined {
  readonly parts: readonly LogSeries[];
  /** How long all but the last were. */
  readonly counts: readonly number[];
  readonly series: SourcedSeries;
}

/** Joins parts and remembers what it joined. */
export function createJoiner(): Joiner {
  const joined = new WeakMap<LogSeries, Joined>();
  return (parts) => {
    const [first] = parts;
    const last = parts.at(-1) ?? first;
    if (first === last) {
      return first;
    }
    const counts = parts.slice(0, -1).map((part) => part.count());
    const known = joined.get(last);
    if (
      known?.parts.length === parts.length &&
      known.parts.every((part, index) => part === parts[index]) &&
      known.counts.every((count, index) => count === counts[index])
    ) {
      return known.series;
    }
    const series = joinSeries(parts);
    joined.set(last, { parts, counts, series });
    return series;
  };
}

function candidatesOf(chain: Chain, join: Joiner): Candidate[] {
  const names = new Set(chain.flatMap(({ byName }) => [...byName.keys()]));
  return Array.from(names).flatMap((name) => {
    const [first, ...others] = chain.flatMap(({ byName }) => byName.get(name) ?? []);
    return first === undefined ? [] : [{ chain, series: join([first, ...others]) }];
  });
}

function isComputed({ series }: Candidate): boolean {
  return series.key.isEstimate !== true;
}

function identityOf({ key: { kind, name, tensor } }: SourcedSeries): string {
  return `${kind} ${tensor ?? (kind === "other" ? name : "")}`;
}

/** An estimate is never nearer than what it estimates. */
function likenessOf(rival: Candidate, candidate: Candidate): Likeness {
  return isComputed(rival) && !isComputed(candidate) ? { kind: "same" } : compareSeries(rival.series, candidate.series);
}

interface Dispute {
  readonly shown: SourcedSeries;
  readonly other: SourcedSeries;
  readonly likeness: Extract<Likeness, { kind: "different" }>;
}

/** One sentence for each pair of logs. */
function describeDisputes(disputes: readonly Dispute[]): string[] {
  const pairs = Map.groupBy(disputes, ({ shown, other }) => `${shown.path}\n${other.path}`);
  return Array.from(pairs.values(), ([first, ...others]) => {
    if (first === undefined) {
      return "";
    }
    const { shown, other, likeness } = first;
    const names = `${other.key.name}${others.length === 0 ? "" : ` and ${others.length} more`}`;
    return (
      `${fileName(other.path)} and ${fileName(shown.path)} disagree on ${names}: ` +
      `${likeness.agree} of ${likeness.of} steps compared are equal, so both are kept. Are they two runs?`
    );
  });
}

/** `train/loss` of one writer is `loss` of another. */
function shortName({ key }: SourcedSeries): string {
  return (key.name.split(/[/.]/).at(-1) ?? key.name).toLowerCase();
}

function fileName(path: string): string {
  return path.split(/[/\\]/).at(-1) ?? path;
}
