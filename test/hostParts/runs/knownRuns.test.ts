import { expect, test } from "vitest";
import type { RunFiles } from "#core/run.ts";
import { createKnownRuns } from "#host/runs/knownRuns.ts";
import type { Discovery } from "#protocol/workerAnswers.ts";

function run(folder: string, modifiedMs = 0): RunFiles {
  return { folder, logs: [{ path: `${folder}/metrics.jsonl`, format: "jsonl" }], checkpoints: [], modifiedMs };
}

const EMPTY: Discovery = { runs: [], truncated: false, unreadable: [] };
const DENIED = "EACCES: permission denied";

test.each([
  { what: "a whole search that does not find it", folder: "/w", found: {}, stays: false },
  { what: "a search of its own folder, which was deleted", folder: "/w/a", found: {}, stays: false },
  { what: "a search that finds it", folder: "/w", found: { runs: [run("/w/a")] }, stays: true },
  { what: "a search that stopped at its limit", folder: "/w", found: { truncated: "entries" }, stays: true },
  { what: "a search that ran out of time", folder: "/w", found: { truncated: "time" }, stays: true },
  { what: "a search elsewhere", folder: "/v", found: {}, stays: true },
  { what: "a search of a folder with a longer name", folder: "/w/aa", found: {}, stays: true },
  { what: "a search that may not read its log", folder: "/w", found: unreadable("/w/a/metrics.jsonl"), stays: true },
  { what: "a search that may not list its folder", folder: "/w", found: unreadable("/w/a"), stays: true },
  { what: "a search that may not list a folder above", folder: "/", found: unreadable("/w"), stays: true },
  {
    what: "a search that may not read another run",
    folder: "/w",
    found: unreadable("/w/b/metrics.jsonl"),
    stays: false,
  },
] as const)("after $what a run is known: $stays", ({ folder, found, stays }) => {
  const runs = createKnownRuns();
  runs.take("/w", { ...EMPTY, runs: [run("/w/a")] });
  runs.take(folder, { ...EMPTY, ...found });
  expect(runs.all().some((one) => one.folder === "/w/a")).toBe(stays);
});

function unreadable(path: string): Partial<Discovery> {
  return { unreadable: [{ path, reason: DENIED }] };
}

test("the newest runs come first, and those outside of the workspace are told apart", () => {
  const runs = createKnownRuns();
  runs.take("/w", { ...EMPTY, runs: [run("/w/old", 1), run("/w/new", 3)] });
  runs.take("/elsewhere", { ...EMPTY, runs: [run("/elsewhere", 2)] });
  expect([foldersOf(runs.all()), foldersOf(runs.outside(["/w"]))]).toEqual([
    ["/w/new", "/elsewhere", "/w/old"],
    ["/elsewhere"],
  ]);
});

function foldersOf(runs: readonly RunFiles[]): string[] {
  return runs.map(({ folder }) => folder);
}
