import { closeSync, mkdirSync, openSync } from "node:fs";
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { findRuns } from "#worker/runs/findRuns.ts";
import { forgetPeak, peakMebibytes } from "../peakMemory.ts";
import type { LoadTable } from "./loadPart.ts";

const FILES = 1_000_000;
/** As the search of a workspace has it. */
const MAX_ENTRIES = 20_000;

/** Searches for runs where a million files lie: all in one folder, or a thousand in each of a thousand. */
export async function findInMillion(root: string): Promise<LoadTable> {
  const rows: (string | number)[][] = [];
  for (const folders of [1, 1000]) {
    const place = join(root, String(folders));
    for (let at = 0; at < FILES; at += 1) {
      const folder = join(place, String(at % folders));
      if (at < folders) {
        mkdirSync(folder, { recursive: true });
      }
      closeSync(openSync(join(folder, `sample${at}.npy.txt`), "w"));
    }
    const delay = monitorEventLoopDelay({ resolution: 1 });
    const [startMs, before] = [performance.now(), forgetPeak()];
    delay.enable();
    const { truncated } = await findRuns(place, { maxEntries: MAX_ENTRIES });
    delay.disable();
    if (truncated === false) {
      throw new Error("The search did not say that it stopped before the end.");
    }
    const peak = peakMebibytes() - before;
    rows.push([
      folders,
      FILES,
      `${(performance.now() - startMs).toFixed(0)} ms`,
      `${peak.toFixed(0)} MiB`,
      `${(delay.max / 1e6).toFixed(0)} ms`,
    ]);
  }
  return {
    columns: ["folders", "files", "search", "memory", "longest pause"],
    rows,
    summary: `The search stopped after ${MAX_ENTRIES} entries and said so.`,
  };
}
