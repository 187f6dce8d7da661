import { expect, test } from "vitest";
import type { LogFormat } from "#core/log.ts";
import { chainsOf } from "#store/chains.ts";
import type { ChainLog } from "#store/chains.ts";

function logAt(path: string, wall?: readonly [number, number], format: LogFormat = "jsonl"): ChainLog {
  return { path, format, wallTimes: () => wall && { first: wall[0], last: wall[1] } };
}

const EVENTS = "/run/events.out.tfevents";

test.each([
  {
    what: "event files of restarts follow each other by the second in their names",
    logs: [logAt(`${EVENTS}.1714569000.h.77.0`), logAt(`${EVENTS}.1714560000.h.9.0`), logAt(`${EVENTS}.999.h.1.0`)],
    chains: [[`${EVENTS}.999.h.1.0`, `${EVENTS}.1714560000.h.9.0`, `${EVENTS}.1714569000.h.77.0`]],
  },
  {
    what: "event files of one second follow each other by their first wall time",
    logs: [logAt(`${EVENTS}.5.h.1.0`, [20, 30]), logAt(`${EVENTS}.5.h.2.0`, [6, 19])],
    chains: [[`${EVENTS}.5.h.2.0`, `${EVENTS}.5.h.1.0`]],
  },
  {
    what: "event files written at the same time are two chains",
    logs: [logAt(`${EVENTS}.5.a.1.0`, [6, 30]), logAt(`${EVENTS}.5.b.2.0`, [7, 31])],
    chains: [[`${EVENTS}.5.a.1.0`], [`${EVENTS}.5.b.2.0`]],
  },
  {
    what: "of rotated logs the highest number is the oldest",
    logs: ["train.log", "train.log.1", "train.log.10", "train.log.2"].map((name) => logAt(`/run/${name}`)),
    chains: [["/run/train.log.10", "/run/train.log.2", "/run/train.log.1", "/run/train.log"]],
  },
  {
    what: "logs named by a date follow each other",
    logs: [logAt("/run/20240502_000000.json"), logAt("/run/20240501_235959.json")],
    chains: [["/run/20240501_235959.json", "/run/20240502_000000.json"]],
  },
  {
    what: "ranks, seeds and versions are chains of their own",
    logs: ["rank0", "rank1", "seed_17", "v2.1"].map((name) => logAt(`/run/${name}.jsonl`)),
    chains: [["/run/rank0.jsonl"], ["/run/rank1.jsonl"], ["/run/seed_17.jsonl"], ["/run/v2.1.jsonl"]],
  },
  {
    what: "logs of two folders are two chains",
    logs: [logAt("/run/train.log"), logAt("/run/old/train.log.1")],
    chains: [["/run/train.log"], ["/run/old/train.log.1"]],
  },
  {
    what: "logs of two formats are two chains",
    logs: [logAt("/run/train.log"), logAt("/run/train.log.1", undefined, "csv")],
    chains: [["/run/train.log"], ["/run/train.log.1"]],
  },
  {
    what: "a path of Windows has a folder too",
    logs: [logAt(String.raw`C:\20240501_000000\train.log`), logAt(String.raw`C:\20240502_000000\train.log`)],
    chains: [[String.raw`C:\20240501_000000\train.log`], [String.raw`C:\20240502_000000\train.log`]],
  },
])("$what", ({ logs, chains }) => {
  expect(chainsOf(logs).map((chain) => chain.map(({ path }) => path))).toEqual(chains);
});
