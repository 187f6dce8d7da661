import type { CrashCount } from "./crashCount.ts";
import type { Stop } from "./workerSlot.ts";

/** Crashes of which it is not known yet whether a file is to blame. Those that none is to blame for count. */
export interface Incidents {
  /** So many requests were open, and each will be judged. */
  readonly add: (stop: Stop, requests: number) => void;
  readonly judge: (stop: Stop, isBlamed: boolean) => void;
}

export function createIncidents(crashes: CrashCount): Incidents {
  const open = new Map<Stop, { left: number; isBlamed: boolean }>();
  return {
    add(stop, requests) {
      if (requests === 0 || stop.isAtStart) {
        crashes.count();
      } else {
        open.set(stop, { left: requests, isBlamed: false });
      }
    },
    judge(stop, isBlamed) {
      const incident = open.get(stop);
      if (incident === undefined) {
        return;
      }
      incident.left -= 1;
      incident.isBlamed ||= isBlamed;
      if (incident.left === 0) {
        open.delete(stop);
        if (!incident.isBlamed) {
          crashes.count();
        }
      }
    },
  };
}
