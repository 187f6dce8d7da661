import type { Disposable } from "#core/event.ts";
import type { ToDashboard } from "#protocol/dashboard.ts";
import type { Run } from "#store/run.ts";
import type { RunChange, RunStore } from "#store/runStore.ts";
import * as vscode from "vscode";
import { createRunFeed } from "./runFeed.ts";
import { describeRun } from "./dashboardModel.ts";
import type { Names } from "./dashboardModel.ts";
import { furtherNorms } from "./furtherNorms.ts";
import type { FindingsBook } from "#following/findingsBook.ts";
import { runNamesAmong } from "../runs/runNames.ts";

// Samples that arrive close together are sent together; a large run's tables may take a tenth of the host's time.
const MIN_PAUSE_MS = 30;
const PAUSE_PER_COST = 9;

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
  const feed = createRunFeed();
  let sequence = 0;
  let shownHead = "";
  let isStarted = false;
  const pacer = createPacer(append);

  const shownRun = (): Run | undefined => (runId === undefined ? undefined : store.get(runId)) ?? store.runs()[0];

  function replace(): void {
    const run = shownRun();
    runId = run?.id ?? runId;
    shownHead = describeHead(store, run);
    sequence += 1;
    const picture = describeAll({ store, findings }, run);
    feed.told(run, picture.run);
    page.post({ kind: "replace", sequence, ...picture });
  }

  /** Whether there is more to tell. */
  function append(): boolean {
    const run = shownRun();
    if (run === undefined || !page.isVisible()) {
      return false;
    }
    sequence += 1;
    page.post({ kind: "append", sequence, ...feed.changes(run, findings.of(run)) });
    return feed.isBehind();
  }

  function follow({ run, what }: RunChange): void {
    if (!isStarted) {
      return;
    }
    const shown = shownRun();
    const isCutOff = run === shown && (what === "restarted" || !feed.canGoOn(run));
    if (isCutOff || describeHead(store, shown) !== shownHead) {
      replace();
    } else if (run === shown) {
      pacer.soon();
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
      pacer.dispose();
      subscription.dispose();
    },
  };
}

/** Acts soon, and after that pauses the longer the longer it took. What is not done then says so, and acts again. */
function createPacer(act: () => boolean): Disposable & { readonly soon: () => void } {
  let timer: NodeJS.Timeout | undefined;
  let quietUntilMs = 0;
  return { soon, dispose: () => clearTimeout(timer) };

  function soon(): void {
    timer ??= setTimeout(actNow, Math.max(MIN_PAUSE_MS, quietUntilMs - performance.now()));
  }

  function actNow(): void {
    timer = undefined;
    const startMs = performance.now();
    const isUnfinished = act();
    quietUntilMs = performance.now() + PAUSE_PER_COST * (performance.now() - startMs);
    if (isUnfinished) {
      soon();
    }
  }
}

function describeAll({ store, findings }: FeedSources, run: Run | undefined): Pick<WholePicture, "runs" | "run"> {
  const ids = store.runs().map(({ id }) => id);
  const names: Names = { ofRun: runNamesAmong(ids), ofFile: (path) => vscode.workspace.asRelativePath(path) };
  return {
    runs: ids.map((id) => ({ id, name: names.ofRun(id) })),
    run: run === undefined ? null : describeRun(run, names, findings.of(run)),
  };
}

/** What only a whole picture says; another head needs a new one. */
function describeHead(store: RunStore, run: Run | undefined): string {
  const ids = store.runs().map(({ id }) => id);
  const norms = run && [run.first("globalNorm")?.path, ...furtherNorms(run).keys()];
  return JSON.stringify([ids, run?.id, norms, run?.clipThreshold()?.value]);
}

type WholePicture = Extract<ToDashboard, { kind: "replace" }>;
