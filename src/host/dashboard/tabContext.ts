import type { Run } from "#store/run.ts";
import type { RunStore } from "#store/runStore.ts";
import type { FindingsBook } from "../findingsBook.ts";

/** What an answer to a tab is made from, and where it goes: once, several times, or later. */
export interface TabContext<Answer> {
  /** The run on the page; a tab asks only while there is one. */
  readonly run: Run;
  readonly store: RunStore;
  readonly findings: FindingsBook;
  readonly post: (answer: Answer) => void;
}
