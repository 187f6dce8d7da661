import type { Finding } from "#core/finding.ts";
import type { CheckpointMark } from "#protocol/checkpointMark.ts";
import type { DashboardRun, ToDashboard } from "#protocol/dashboard.ts";
import type { Run } from "#store/run.ts";
import { canAppend, countSamples, describeCheckpoints, newSamples } from "./dashboardModel.ts";
import type { Sent } from "./dashboardModel.ts";
import { createListFeed } from "./listFeed.ts";
import { createTensorFeed } from "./tensorFeed.ts";

// Medians of thousands of tensors are worked out piece by piece, so that nothing else waits for them.
const QUANTILES_MS = 20;

export type RunChanges = Omit<Extract<ToDashboard, { kind: "append" }>, "kind" | "sequence">;

/** What a page has of a run, so that it need only be told what changed. */
export interface RunFeed {
  /** The page was told the whole run, or that there is none. */
  readonly told: (run: Run | undefined, described: DashboardRun | null) => void;
  readonly changes: (run: Run, findings: readonly Finding[]) => RunChanges;
  /** Whether changes are enough, or the page has something that no longer counts. */
  readonly canGoOn: (run: Run) => boolean;
  /** Whether something is left for the next changes. */
  readonly isBehind: () => boolean;
}

export function createRunFeed(): RunFeed {
  const tensors = createTensorFeed();
  const findings = createListFeed<Finding>();
  const checkpoints = createListFeed<CheckpointMark>();
  let sent: Sent = new Map();
  return {
    told(run, described) {
      sent = run === undefined ? new Map() : countSamples(run);
      if (run !== undefined && described !== null) {
        tensors.told(run, described.tensors);
        findings.told(described.findings);
        checkpoints.told(described.checkpoints);
      }
    },
    changes(run, newFindings) {
      const series = newSamples(run, sent);
      sent = countSamples(run);
      return {
        series,
        findings: findings.change(newFindings),
        checkpoints: checkpoints.change(describeCheckpoints(run)),
        tensors: tensors.changes(run, QUANTILES_MS),
      };
    },
    canGoOn: (run) => canAppend(run, sent),
    isBehind: tensors.isBehind,
  };
}
