import { expect, test } from "vitest";
import { createProgressSender } from "#cli/mcp/progressSender.ts";

interface Sent {
  readonly progress: number;
  readonly total: number;
  readonly message: string;
}

/** What a client is told of steps that follow each other, each at its time. */
function toldOf(
  steps: readonly (readonly [atMs: number, doneBytes: number, totalBytes: number])[],
  token?: string,
): Sent[] {
  const told: Sent[] = [];
  let nowMs = 0;
  const notify = async ({ params }: { readonly params?: unknown }): Promise<void> => {
    told.push(params as Sent);
    return Promise.resolve();
  };
  const meta = token === undefined ? {} : { progressToken: token };
  const send = createProgressSender({ _meta: meta, notify }, () => nowMs);
  for (const [atMs, doneBytes, totalBytes] of steps) {
    nowMs = atMs;
    send({ doneBytes, totalBytes });
  }
  return told;
}

test("it tells at once, then twice a second, and the end", () => {
  const told = toldOf(
    [
      [0, 10, 100],
      [100, 20, 100],
      [499, 30, 100],
      [500, 40, 100],
      [501, 100, 100],
    ],
    "t",
  );
  expect(told).toEqual(
    [10, 40, 100].map((progress) => ({
      progressToken: "t",
      progress,
      total: 100,
      message: `${progress} B of 100 B read`,
    })),
  );
});

test("the next piece of work adds to what was done, and what is told only grows", () => {
  const told = toldOf(
    [
      [0, 100, 100],
      [600, 0, 50],
      [1200, 120, 150],
      [1800, 30, 150],
    ],
    "t",
  );
  expect(told.map(({ progress, total }) => [progress, total])).toEqual([
    [100, 100],
    [270, 300],
    [330, 450],
  ]);
});

test("a client that gave no token is told nothing", () => {
  expect(toldOf([[0, 1, 2]])).toEqual([]);
});
