import type { LogFormat } from "#core/log.ts";

/** What is known of a log's place in time. Seconds since the epoch; undefined when it has none. */
export interface ChainLog {
  readonly path: string;
  readonly format: LogFormat;
  readonly wallTimes: () => { readonly first: number; readonly last: number } | undefined;
}

const EVENT_FILE = /^events\.out\.tfevents\.(\d+)\..*$/;
/** 2024-05-01T12:30:00, 20240501_123000, or seconds since the epoch. */
const DATED = /(?<!\d)(\d{4})-?(\d\d)-?(\d\d)[T_ -]?(\d\d)[:_-]?(\d\d)[:_-]?(\d\d)(?!\d)|(?<!\d)(\d{10})(?!\d)/;
const ROTATED = /\.(\d{1,4})$/;

interface NamedPlace {
  /** Equal for logs that may follow each other. */
  readonly family: string;
  /** Later ones are larger; undefined when the name does not say. */
  readonly time: number | undefined;
  /** How often the log was moved aside: `train.log.2` is older than `train.log.1` and `train.log`. */
  readonly rotation: number;
}

/**
 * Logs of one run, each chain from its oldest to its newest: files of one format and folder whose names differ by a
 * time or a number of rotation, one ending before the next begins. Any other log is a chain of its own.
 */
export function chainsOf<T extends ChainLog>(logs: readonly T[]): T[][] {
  const placed = logs.map((log) => ({ log, ...placeOf(log) }));
  const families = Map.groupBy(placed, ({ family }) => family);
  return [...families.values()].flatMap((family) => {
    const chains: T[][] = [];
    for (const { log } of family.toSorted(oldestFirst)) {
      const chain = chains.find((one) => follows(log, one.at(-1)));
      if (chain === undefined) {
        chains.push([log]);
      } else {
        chain.push(log);
      }
    }
    return chains;
  });
}

function placeOf({ path, format }: ChainLog): NamedPlace {
  const at = Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1;
  const [folder, name] = [path.slice(0, at), path.slice(at)];
  const events = EVENT_FILE.exec(name);
  if (events !== null) {
    return { family: `${format} ${folder}events`, time: Number(events[1]), rotation: 0 };
  }
  const rotation = Number(ROTATED.exec(name)?.[1] ?? 0);
  const stem = name.replace(ROTATED, "");
  return { family: `${format} ${folder}${stem.replace(DATED, "*")}`, time: timeIn(stem), rotation };
}

function timeIn(name: string): number | undefined {
  const found = DATED.exec(name);
  if (found === null) {
    return undefined;
  }
  const [, year, month, day, hour, minute, second, epoch] = found.map(Number);
  return epoch !== undefined && Number.isFinite(epoch)
    ? epoch
    : Date.UTC(year ?? 0, (month ?? 1) - 1, day, hour, minute, second) / 1000;
}

type Placed = NamedPlace & { readonly log: ChainLog };

function oldestFirst(a: Placed, b: Placed): number {
  const differences = [
    (a.time ?? 0) - (b.time ?? 0),
    b.rotation - a.rotation,
    (a.log.wallTimes()?.first ?? 0) - (b.log.wallTimes()?.first ?? 0),
    Number(a.log.path > b.log.path) - Number(a.log.path < b.log.path),
  ];
  return differences.find((difference) => difference !== 0) ?? 0;
}

/** Whether nothing says that the two were written at the same time, as by two processes. */
function follows(later: ChainLog, earlier: ChainLog | undefined): boolean {
  const [begin, end] = [later.wallTimes()?.first ?? Infinity, earlier?.wallTimes()?.last ?? -Infinity];
  return begin >= end;
}
