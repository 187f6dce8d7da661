import { expect, test } from "vitest";
import { takeTurns } from "#core/takeTurns.ts";

test("tasks run in their order, never more than the limit, also after one failed", async () => {
  const inTurn = takeTurns(2);
  const begun: number[] = [];
  let running = 0;
  let most = 0;
  const tasks = Array.from({ length: 7 }, (_, task) =>
    inTurn(async () => {
      begun.push(task);
      running += 1;
      most = Math.max(most, running);
      await Promise.resolve();
      running -= 1;
      if (task === 1) {
        throw new Error("failed");
      }
      return task;
    }),
  );
  const settled = await Promise.allSettled(tasks);
  expect([begun, most, settled.map(({ status }) => status === "fulfilled")]).toEqual([
    [0, 1, 2, 3, 4, 5, 6],
    2,
    [true, false, true, true, true, true, true],
  ]);
});

test("what comes when nothing runs begins at once", async () => {
  const inTurn = takeTurns(1);
  await inTurn(async () => undefined);
  expect(await inTurn(async () => 5)).toBe(5);
});
