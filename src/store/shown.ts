import { normReserve } from "#core/names/mainNorm.ts";
import { t } from "@vscode/l10n";
import type { LogSeries, SourcedSeries } from "./series.ts";
import type { Joiner } from "./joiner.ts";
import { leadOf } from "./leading.ts";
import type { LeftOut, Twin } from "./leading.ts";
import { compareSeries } from "./twins.ts";
import type { Likeness } from "./twins.ts";

/** Logs that follow each other, oldest first, with their series by name. */
export type Chain = readonly { readonly path: string; readonly byName: ReadonlyMap<string, LogSeries> }[];

export interface Shown {
  readonly series: readonly SourcedSeries[];
  /** For people: which logs disagree. */
  readonly notes: () => readonly string[];
  /** Logs that give samples which come before those of another. */
  readonly before: ReadonlySet<string>;
  readonly leftOut: readonly LeftOut[];
}

interface Candidate {
  readonly series: SourcedSeries;
  readonly isStale: boolean;
  readonly chain: Chain;
}

interface Placed extends Candidate, Twin {
  /** Those with the same numbers, this one among them. */
  readonly twins: [Twin, ...Twin[]];
}

/**
 * Every series once, from the first chain that has it; the most precise come first. The same norm is in several
 * formats under several names, so of those of a kind with the same numbers only the one that goes furthest is shown.
 */
export function chooseShown(chains: readonly Chain[], join: Joiner, isStale: (path: string) => boolean): Shown {
  const placed = new Map<string, Placed[]>();
  const groups: Placed["twins"][] = [];
  const compared: Compared[] = [];
  const candidates = chains
    .flatMap((chain) => candidatesOf(chain, join))
    .map((candidate) => ({ ...candidate, isStale: isStale(candidate.series.path) }));
  for (const candidate of [...candidates.filter(isComputed), ...candidates.filter((one) => !isComputed(one))]) {
    const rivals = placed.get(identityOf(candidate.series)) ?? [];
    const others = rivals.filter(({ chain }) => chain !== candidate.chain);
    const likenesses = others.map((rival) => ({ rival, likeness: likenessOf(rival, candidate) }));
    const one = placeOf(candidate, likenesses);
    placed.set(identityOf(candidate.series), [...rivals, one]);
    const isNew = one.twins[0].series === candidate.series;
    if (isNew) {
      groups.push(one.twins);
    }
    for (const { rival, likeness } of likenesses.filter((each) => isNew || each.likeness.kind === "same")) {
      compared.push({ shown: rival.series, other: candidate.series, likeness });
    }
  }
  const disputes = disputesAmong(compared);
  const led = groups.map((twins) => leadOf(twins, join));
  return {
    series: inOrderOfNorms(led.map(({ series }) => series)),
    notes: () => describeDisputes(disputes),
    before: new Set(led.flatMap(({ before }) => before?.path ?? [])),
    leftOut: led.flatMap(({ leftOut }) => leftOut),
  };
}

/** The global norm that speaks for the run comes before those of its parts; every other series keeps its place. */
function inOrderOfNorms(series: readonly SourcedSeries[]): readonly SourcedSeries[] {
  const norms = series
    .filter(isGlobalNorm)
    .toSorted((a, b) => normReserve(a.key) - normReserve(b.key))
    .values();
  return series.map((one) => (isGlobalNorm(one) ? (norms.next().value ?? one) : one));
}

function isGlobalNorm({ key }: SourcedSeries): boolean {
  return key.kind === "globalNorm";
}

/** An estimate stands back behind what it estimates, and takes no part. */
function placeOf(
  candidate: Candidate,
  likenesses: readonly { readonly rival: Placed; readonly likeness: Likeness }[],
): Placed {
  for (const { rival, likeness } of likenesses) {
    if (likeness.kind === "same") {
      const shift = rival.shift + likeness.shift;
      if (isComputed(candidate) || !isComputed(rival)) {
        rival.twins.push({ series: candidate.series, shift, isStale: candidate.isStale });
      }
      return { ...candidate, shift, twins: rival.twins };
    }
  }
  return { ...candidate, shift: 0, twins: [{ ...candidate, shift: 0 }] };
}

function candidatesOf(chain: Chain, join: Joiner): Omit<Candidate, "isStale">[] {
  const names = new Set(chain.flatMap(({ byName }) => [...byName.keys()]));
  return Array.from(names).flatMap((name) => {
    const [first, ...others] = chain.flatMap(({ byName }) => byName.get(name) ?? []);
    return first === undefined ? [] : [{ chain, series: join.all([first, ...others]) }];
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
  return isComputed(rival) && !isComputed(candidate)
    ? { kind: "same", shift: 0 }
    : compareSeries(rival.series, candidate.series);
}

interface Compared {
  readonly shown: SourcedSeries;
  readonly other: SourcedSeries;
  readonly likeness: Likeness;
}

interface Dispute extends Compared {
  readonly likeness: Extract<Likeness, { kind: "different" }>;
}

/**
 * Series by one name with other numbers. Two logs that agree on a norm are of one run, whatever else they make of it: one may
 * have the loss of a step, the other its mean since the row before. What is no part of a training says nothing of it.
 */
function disputesAmong(compared: readonly Compared[]): Dispute[] {
  const isNorm = ({ shown: { key } }: Compared): boolean => key.kind === "globalNorm" || key.kind === "tensorNorm";
  const agreeing = new Set(compared.filter((one) => isNorm(one) && one.likeness.kind === "same").map(pairOf));
  const disputed = compared.filter(
    (one): one is Dispute =>
      one.likeness.kind === "different" &&
      one.shown.key.kind !== "other" &&
      shortName(one.shown) === shortName(one.other),
  );
  return disputed.filter((one) => isNorm(one) || !agreeing.has(pairOf(one)));
}

function pairOf({ shown, other }: Compared): string {
  return `${shown.path}\n${other.path}`;
}

/** One sentence for each pair of logs. */
function describeDisputes(disputes: readonly Dispute[]): string[] {
  const pairs = Map.groupBy(disputes, pairOf);
  return Array.from(pairs.values(), ([first, ...others]) => {
    if (first === undefined) {
      return "";
    }
    const { shown, other, likeness } = first;
    const logs = [fileName(other.path), fileName(shown.path)] as const;
    const names = others.length === 0 ? other.key.name : t("{0} and {1} more", other.key.name, others.length);
    return t(
      "{0} and {1} disagree on {2}: {3} of {4} steps compared are equal, so both are kept. Are they two runs?",
      ...logs,
      names,
      likeness.agree,
      likeness.of,
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
