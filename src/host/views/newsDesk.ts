import type { Finding } from "#core/finding.ts";
import type { NotificationLevel } from "../settings/settings.ts";

// Unasked, people hear of one thing in ten minutes, and once of each run.
const PAUSE_MS = 600_000;
// What a log says while it is read for the first time is no news.
const SETTLE_MS = 3000;

export interface NewsDesk {
  /** What is to be told of a run, now that its findings are these; undefined when nothing is. */
  readonly hear: (runId: string, findings: readonly Finding[]) => Finding | undefined;
}

/** Chooses what is worth interrupting people for: a run that breaks while they work. */
export function createNewsDesk(level: () => NotificationLevel, now: () => number): NewsDesk {
  const runs = new Map<string, { readonly sinceMs: number; readonly known: Set<string>; isTold: boolean }>();
  let lastMs = -Infinity;
  return {
    hear(runId, findings) {
      const run = runs.get(runId) ?? { sinceMs: now(), known: new Set(), isTold: false };
      runs.set(runId, run);
      const news = findings.find((finding) => isWorthy(finding, level()) && !run.known.has(nameOf(finding)));
      findings.forEach((finding) => run.known.add(nameOf(finding)));
      const isQuiet = run.isTold || now() - run.sinceMs < SETTLE_MS || now() - lastMs < PAUSE_MS;
      if (news === undefined || isQuiet) {
        return undefined;
      }
      run.isTold = true;
      lastMs = now();
      return news;
    },
  };
}

function isWorthy({ severity }: Finding, level: NotificationLevel): boolean {
  switch (level) {
    case "off":
      return false;
    case "critical":
      return severity === "error";
    case "all":
      return severity !== "info";
  }
}

function nameOf({ rule, tensor, start, severity }: Finding): string {
  return [rule, severity, tensor ?? "", start].join("\n");
}
