import { expect, test } from "vitest";
import { ok } from "#core/outcome.ts";
import { takeInOrder } from "#readers/checkpoints/shared/valueStore.ts";

test("what lies in memory is given in order, and others have their turn between", async () => {
  const items = Array.from({ length: 10_000 }, (_, at) => at);
  const taken: number[] = [];
  const seen: number[] = [];
  let isDone = false;
  const look = (): void => {
    seen.push(taken.length);
    if (!isDone) {
      setImmediate(look);
    }
  };
  setImmediate(look);
  await takeInOrder(items, { map: async (item) => ok(item), take: (item) => taken.push(item) });
  isDone = true;
  expect(taken).toEqual(items);
  const steps = seen.map((count, at) => count - (seen[at - 1] ?? 0));
  expect(Math.max(...steps)).toBeLessThan(2000);
});
