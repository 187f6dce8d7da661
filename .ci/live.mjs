/** Replays the log of a finished run into a folder, so that one sees a run growing. */
import {
  appendFileSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

const LOG = "metrics.jsonl";
/** These know how the run ends. */
const OTHER_LOGS = ["console.log", "trainer_state.json"];

/** Fills `to` with what is there before the first step: the sources and an empty log. */
export function prepareLiveRun(from, to) {
  rmSync(to, { recursive: true, force: true });
  mkdirSync(to, { recursive: true });
  const files = readdirSync(from, { withFileTypes: true }).filter((entry) => entry.isFile());
  for (const { name } of files) {
    if (name !== LOG && !OTHER_LOGS.includes(name)) {
      cpSync(join(from, name), join(to, name));
    }
  }
  writeFileSync(join(to, LOG), "");
}

/** Appends line by line; a checkpoint appears, whole, when the line of its step is written. */
export async function replayRun(from, to, { intervalMs, signal }) {
  const checkpoints = findCheckpoints(from);
  for (const line of readFileSync(join(from, LOG), "utf8").trimEnd().split("\n")) {
    appendFileSync(join(to, LOG), `${line}\n`);
    const step = Number(/"step":\s*(\d+)/.exec(line)?.[1] ?? -1); // Not JSON.parse: a log may hold NaN.
    while (checkpoints.length > 0 && checkpoints[0].step <= step) {
      dropIn(checkpoints.shift().name, from, to);
    }
    await delay(intervalMs, undefined, { signal });
  }
}

function findCheckpoints(folder) {
  return readdirSync(folder)
    .flatMap((name) => {
      const step = /^checkpoint-(\d+)$/.exec(name)?.[1];
      return step === undefined ? [] : [{ name, step: Number(step) }];
    })
    .toSorted((a, b) => a.step - b.step);
}

function dropIn(name, from, to) {
  const unfinished = join(to, `.${name}.unfinished`);
  cpSync(join(from, name), unfinished, { recursive: true });
  renameSync(unfinished, join(to, name));
}
