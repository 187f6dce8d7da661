import process from "node:process";

/** Milliseconds for which turns of the event loop kept the next from coming, of all that were watched. */
export interface Turns {
  readonly count: number;
  readonly median: number;
  readonly p99: number;
  readonly longest: number;
}

/**
 * Watches the turns of the event loop. On a machine with other work a process waits, too, which is not its own doing: no
 * more counts than the processor time that it took.
 */
export function watchTurns(): { readonly stop: () => Turns } {
  const delays: number[] = [];
  let [lastMs, lastCpu] = [performance.now(), cpuMs()];
  const timer = setInterval(() => {
    const [nowMs, nowCpu] = [performance.now(), cpuMs()];
    delays.push(Math.min(nowMs - lastMs, nowCpu - lastCpu));
    [lastMs, lastCpu] = [nowMs, nowCpu];
  }, 1);
  return {
    stop() {
      clearInterval(timer);
      const sorted = delays.toSorted((a, b) => a - b);
      const at = (share: number): number => sorted[Math.floor(share * (sorted.length - 1))] ?? Infinity;
      return { count: sorted.length, median: at(0.5), p99: at(0.99), longest: at(1) };
    },
  };
}

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
