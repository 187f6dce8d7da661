import type { Disposable } from "#core/event.ts";
import type { Finding } from "#core/finding.ts";
import type { CheckpointMark } from "#protocol/checkpointMark.ts";
import type { ToDashboard } from "#protocol/dashboard.ts";
import type { Run } from "#store/run.ts";
import type { RunChange, RunStore } from "#store/runStore.ts";
import * as vscode from "vscode";
import { createListFeed } from "./dashboard/listFeed.ts";
import { createTensorFeed } from "./dashboard/tensorFeed.ts";
import { canAppend, countSamples, describeCheckpoints, describeRun, newSamples } from "./dashboardModel.ts";
import type { Names, Sent } from "./dashboardModel.ts";
import type { FindingsBook } from "#following/findingsBook.ts";
import { runName } from "./runsTree.ts";

// Samples that arrive close together are sent together; a large run's tables may take a tenth of the host's time.
const MIN_PAUSE_MS = 30;
const PAUSE_PER_COST = 9;
// Medians of thousands of tensors are worked out piece by piece, so that nothing else waits for them.
const QUANTILES_MS = 20;

export interface FeedSources {
  readonly store: RunStore;
  readonly findings: FindingsBook;
}

export interface FeedPage {
  readonly post: (message: ToDashboard) => void;
  readonly isVisible: () => boolean;
}

/** Keeps one dashboard page in step with the store: a whole picture when it asks, then only what was added. */
export interface DashboardFeed extends Disposable {
  /** The page is ready, or has lost a message: it gets the whole picture. */
  readonly start: () => void;
  /** Shows another run; without an id, the one it shows already. */
  readonly select: (runId: string | undefined) => void;
  readonly shownRun: () => Run | undefined;
}

export function createDashboardFeed({ store, findings }: FeedSources, page: FeedPage): DashboardFeed {
  let runId: string | undefined;
  let sent: Sent = new Map();
  let sequence = 0;
  let shownHead = "";
  let isStarted = false;
  let timer: NodeJS.Timeout | undefined;
  let quietUntilMs = 0;
  const tensors = createTensorFeed();
  const listed = createListFeed<Finding>();
  const marks = createListFeed<CheckpointMark>();

  const shownRun = (): Run | undefined => (runId === undefined ? undefined : store.get(runId)) ?? store.runs()[0];

  function replace(): void {
    const run = shownRun();
    runId = run?.id ?? runId;
    sent = run === undefined ? new Map() : countSamples(run);
    shownHead = describeHead(store, run);
    sequence += 1;
    const picture = describeAll({ store, findings }, run);
    if (run !== undefined && picture.run !== null) {
      tensors.told(run, picture.run.tensors);
      listed.told(picture.run.findings);
      marks.told(picture.run.checkpoints);
    }
    page.post({ kind: "replace", sequence, ...picture });
  }

  function append(): void {
    timer = undefined;
    const run = shownRun();
    if (run === undefined || !page.isVisible()) {
      return;
    }
    const startMs = performance.now();
    sequence += 1;
    page.post({
      kind: "append",
      sequence,
      series: newSamples(run, sent),
      findings: listed.change(findings.of(run)),
      checkpoints: marks.change(describeCheckpoints(run)),
      tensors: tensors.changes(run, QUANTILES_MS),
    });
    sent = countSamples(run);
    quietUntilMs = performance.now() + PAUSE_PER_COST * (performance.now() - startMs);
    if (tensors.isBehind()) {
      appendSoon();
    }
  }

  function appendSoon(): void {
    timer ??= setTimeout(append, Math.max(MIN_PAUSE_MS, quietUntilMs - performance.now()));
  }

  function follow({ run, what }: RunChange): void {
    if (!isStarted) {
      return;
    }
    const shown = shownRun();
    const isCutOff = run === shown && (what === "restarted" || !canAppend(run, sent));
    if (isCutOff || describeHead(store, shown) !== shownHead) {
      replace();
    } else if (run === shown) {
      appendSoon();
    }
  }

  const subscription = store.onDidChange(follow);
  return {
    start() {
      isStarted = true;
      replace();
    },
    select(id) {
      runId = id ?? runId;
      if (isStarted) {
        replace();
      }
    },
    shownRun,
    dispose() {
      clearTimeout(timer);
      subscription.dispose();
    },
  };
}

const NAMES: Names = { ofRun: runName, ofFile: (path) => vscode.workspace.asRelativePath(path) };

function describeAll({ store, findings }: FeedSources, run: Run | undefined): Pick<WholePicture, "runs" | "run"> {
  return {
    runs: store.runs().map(({ id }) => ({ id, name: runName(id) })),
    run: run === undefined ? null : describeRun(run, NAMES, findings.of(run)),
  };
}

/** What only a whole picture says; another head needs a new one. */
function describeHead(store: RunStore, run: Run | undefined): string {
  const ids = store.runs().map(({ id }) => id);
  return JSON.stringify([ids, run?.id, run?.first("globalNorm")?.path, run?.clipThreshold()?.value]);
}

type WholePicture = Extract<ToDashboard, { kind: "replace" }>;
