import { readdirSync, readFileSync } from "node:fs";
import process from "node:process";

export interface RunningProcess {
  readonly id: number;
  readonly parent: number;
  /** Program and arguments, by spaces. */
  readonly command: string;
}

/** All processes below one, however deep; none where the system does not tell. Those that have ended are left out. */
export function processesBelow(root: number): readonly RunningProcess[] {
  if (process.platform !== "linux") {
    return [];
  }
  const all = readdirSync("/proc").flatMap((name) => (/^\d+$/.test(name) ? (readProcess(Number(name)) ?? []) : []));
  const below = new Set([root]);
  for (let size = 0; size < below.size;) {
    size = below.size;
    all.filter(({ parent }) => below.has(parent)).forEach(({ id }) => below.add(id));
  }
  return all.filter(({ id }) => id !== root && below.has(id));
}

/** Whether it is still there: its number may be another's by now. */
export function isRunning({ id, command }: RunningProcess): boolean {
  return readProcess(id)?.command === command;
}

/** Undefined for one that is gone, or only waits for its parent to take note. */
function readProcess(id: number): RunningProcess | undefined {
  try {
    const [, state, parent] = /\) (\S) (\d+)/.exec(readFileSync(`/proc/${id}/stat`, "utf8")) ?? [];
    const command = readFileSync(`/proc/${id}/cmdline`, "utf8").replaceAll("\0", " ").trim();
    return state === "Z" || parent === undefined ? undefined : { id, parent: Number(parent), command };
  } catch {
    return undefined;
  }
}
