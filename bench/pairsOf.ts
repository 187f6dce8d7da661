/** One measurement in a process of its own: `pairsOf.ts A B THREADS RUNS` prints seconds and memory. */
import { compareCheckpoints } from "#worker/pairs/compareCheckpoints.ts";

const [before = "", after = "", threads = "0", runs = "1"] = process.argv.slice(2);
const seconds: number[] = [];
for (let run = 0; run < Number(runs); run++) {
  seconds.push((await compareCheckpoints(before, after, { threads: Number(threads) })).seconds);
}
console.log(JSON.stringify({ seconds, megabytes: process.resourceUsage().maxRSS / 1000 }));
