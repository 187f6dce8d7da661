/** One measurement in a process of its own: `normsOf.ts FILE ENGINE DEVICE THREADS RUNS` prints seconds, norm and memory. */
import { DEVICE_CHOICES, ENGINE_CHOICES } from "#core/device.ts";
import { computeNorms } from "#worker/norms/computeNorms.ts";

const [path = "", name, on, threads = "0", runs = "1"] = process.argv.slice(2);
const engine = ENGINE_CHOICES.find((known) => known === name) ?? "auto";
const device = DEVICE_CHOICES.find((known) => known === on) ?? "auto";
const seconds: number[] = [];
let l2 = Number.NaN;
for (let run = 0; run < Number(runs); run++) {
  const norms = await computeNorms(path, { threads: Number(threads), engine, device });
  seconds.push(norms.seconds);
  l2 = norms.globals.gradient?.l2 ?? norms.globals.weight?.l2 ?? Number.NaN;
}
const megabytes = process.resourceUsage().maxRSS / 1000;
console.log(JSON.stringify({ seconds, l2, megabytes }));
