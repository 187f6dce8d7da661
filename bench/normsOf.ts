/** One measurement in a process of its own: `normsOf.ts FILE THREADS RUNS` prints seconds, norm and memory. */
import { computeNorms } from "#worker/computeNorms.ts";

const [path = "", threads = "0", runs = "1"] = process.argv.slice(2);
const seconds: number[] = [];
let l2 = Number.NaN;
for (let run = 0; run < Number(runs); run++) {
  const norms = await computeNorms(path, { threads: Number(threads) });
  seconds.push(norms.seconds);
  l2 = norms.globals.gradient?.l2 ?? norms.globals.weight?.l2 ?? Number.NaN;
}
const megabytes = process.resourceUsage().maxRSS / 1000;
console.log(JSON.stringify({ seconds, l2, megabytes }));
