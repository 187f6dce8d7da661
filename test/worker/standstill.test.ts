import { beforeEach, expect, test } from "vitest";
import { tracked } from "#files/openCalls.ts";
import { createStandstillWatch } from "#worker/standstill.ts";

const LOOKS_A_SECOND = 4;

/** A call to the file system that comes back when the test says so. */
function call(path: string): { readonly comeBack: () => Promise<void> } {
  const { promise, resolve } = Promise.withResolvers<void>();
  const tracking = tracked(path, promise);
  return {
    async comeBack() {
      resolve();
      await tracking;
    },
  };
}

let look: () => unknown;
beforeEach(() => {
  look = createStandstillWatch(60_000);
});

/** What it found in so many looks. */
function looks(count: number): unknown {
  return Array.from({ length: count }, () => look()).find((found) => found !== undefined);
}

test("while nothing is waited for there is no standstill", () => {
  expect(looks(1000 * LOOKS_A_SECOND)).toBe(undefined);
});

test("a disk that gives one answer a minute stands not still, however long the first call waits", async () => {
  const first = call("/slow/first");
  for (let minute = 0; minute < 60; minute += 1) {
    const other = call(`/slow/${minute}`);
    expect(looks(60 * LOOKS_A_SECOND)).toBe(undefined);
    await other.comeBack();
  }
  await first.comeBack();
  expect(looks(1000 * LOOKS_A_SECOND)).toBe(undefined);
});

test("when nothing comes back any more the path that was asked about first is named", async () => {
  const [first, second] = [call("/dead/first"), call("/dead/second")];
  expect(looks(60 * LOOKS_A_SECOND)).toBe(undefined);
  expect(look()).toEqual({ path: "/dead/first", seconds: 60, isInThread: false });
  await first.comeBack();
  expect(looks(1 + 60 * LOOKS_A_SECOND)).toBe(undefined); // The first one sees what came.
  expect(look()).toEqual({ path: "/dead/second", seconds: 60, isInThread: false });
  await second.comeBack();
});
