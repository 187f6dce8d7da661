import process from "node:process";
import { createFindingsBook } from "#following/findingsBook.ts";
import { createRunStore } from "#store/runStore.ts";
import { describeError } from "#worker/errors.ts";
import { findConfig, readConfig } from "#worker/runs/readConfig.ts";
import { printable } from "../text/terminalText.ts";
import { createWorkerHere } from "../workerHere.ts";
import { followPath } from "./followPath.ts";
import { createLineView } from "./lineView.ts";
import { createScreenView } from "./screenView.ts";
import { whenEnded } from "./signals.ts";
import { choicesOf, parseWatch } from "./watchOptions.ts";
import type { WatchView } from "./watchView.ts";

// 40 bytes each or less: of a longer run the oldest samples are coarsened, so that memory stays flat over weeks.
const MAX_SAMPLES = 2_000_000;
// A network file system tries for a minute or two.
const MAX_DISK_MS = 120_000;
// Many lines at once are one change, and more than this no eye follows.
const FRAME_MS = 100;
// What is quiet says for how long.
const CLOCK_MS = 1000;

/** Shows a training while it goes on, until it is interrupted. */
export async function runWatch(args: readonly string[], signal: AbortSignal): Promise<number> {
  const { path, intervalMs, configPath } = parseWatch(args);
  const config = configPath === undefined ? await findConfig(path) : await readConfig(configPath);
  const store = createRunStore(() => MAX_SAMPLES);
  const book = createFindingsBook(store, choicesOf(config));
  const logPatterns = config?.config.logPatterns ?? [];
  const worker = createWorkerHere({ diskMs: MAX_DISK_MS });
  const follower = await followPath(path, { worker, store, intervalMs, logPatterns, onError: createErrorLine() }).catch(
    (error: unknown) => {
      worker.dispose();
      throw error;
    },
  );
  const view = process.stdout.isTTY
    ? screenFor(path)
    : createLineView((text) => process.stdout.write(text), process.cwd());
  const show = (): void => view.show(store.runs(), book.of);
  const redraw = createRedraw(show);
  const subscription = store.onDidChange(redraw.soon);
  process.stdout.on("resize", show);
  try {
    show();
    return await whenEnded(signal, { pause: view.close, resume: show });
  } finally {
    process.stdout.off("resize", show);
    redraw.dispose();
    subscription.dispose();
    book.dispose();
    follower.dispose();
    worker.dispose();
    view.close();
  }
}

function screenFor(path: string): WatchView {
  const title = `gradlens watch ${path}   Ctrl+C ends it`;
  const hasColor = process.stdout.hasColors() && process.env["NO_COLOR"] === undefined;
  return createScreenView(process.stdout, { title, hasColor, now: () => performance.now() });
}

interface Redraw {
  readonly soon: () => void;
  readonly dispose: () => void;
}

function createRedraw(show: () => void): Redraw {
  let timer: NodeJS.Timeout | undefined;
  const clock = setInterval(show, CLOCK_MS);
  return {
    soon() {
      timer ??= setTimeout(() => {
        timer = undefined;
        show();
      }, FRAME_MS);
    },
    dispose() {
      clearTimeout(timer);
      clearInterval(clock);
    },
  };
}

/** Of errors that come again with each poll the first is told, where it does not spoil the view. */
function createErrorLine(): (error: unknown) => void {
  let last = "";
  return (error) => {
    const message = describeError(error);
    if (message !== last && !process.stderr.isTTY) {
      process.stderr.write(`gradlens: ${printable(message)}\n`);
    }
    last = message;
  };
}
