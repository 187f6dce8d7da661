import type { Run } from "#store/run.ts";
import { frameOf } from "./frame.ts";
import type { FrameSize, Line } from "./frame.ts";
import { viewOf } from "./runView.ts";
import { createScreen } from "./screen.ts";
import type { ScreenOutput } from "./screen.ts";
import type { WatchView } from "./watchView.ts";

export interface ScreenTerminal extends ScreenOutput {
  /** 0 or missing in terminals that do not tell. */
  readonly columns?: number;
  readonly rows?: number;
}

export interface ScreenOptions {
  readonly title: string;
  readonly hasColor: boolean;
  readonly now: () => number;
}

// Of a terminal that does not say how large it is.
const USUAL_SIZE: FrameSize = { columns: 80, rows: 24 };
// What stands behind the curve.
const RANGE_WIDTH = 24;
const LONGEST_CURVE = 120;
// Trainers log every few seconds; only what is quiet for longer is worth a word.
const IDLE_SECONDS = 30;

/** The live view of a terminal. What it showed last stays there when it closes. */
export function createScreenView(terminal: ScreenTerminal, { title, hasColor, now }: ScreenOptions): WatchView {
  const screen = createScreen(terminal, { hasColor });
  const news = new Map<string, { readonly count: number; readonly atMs: number }>();
  let last: readonly Line[] = [];

  function idleSecondsOf(run: Run): number | undefined {
    const count = run.first("globalNorm")?.count() ?? 0;
    const known = news.get(run.id);
    const latest = known?.count === count ? known : { count, atMs: now() };
    news.set(run.id, latest);
    const seconds = (now() - latest.atMs) / 1000;
    return seconds < IDLE_SECONDS ? undefined : seconds;
  }

  return {
    show(runs, findingsOf) {
      const size = sizeOf(terminal);
      const width = Math.max(1, Math.min(LONGEST_CURVE, size.columns - RANGE_WIDTH));
      const views = runs.map((run) =>
        viewOf(run, { findings: findingsOf(run), width, idleSeconds: idleSecondsOf(run) }),
      );
      last = frameOf(title, views, size);
      screen.draw(last);
    },
    close() {
      screen.close();
      terminal.write(last.map(({ text }) => `${text}\n`).join(""));
      last = [];
    },
  };
}

function sizeOf({ columns = 0, rows = 0 }: ScreenTerminal): FrameSize {
  return columns > 0 && rows > 0 ? { columns, rows } : USUAL_SIZE;
}
