import { expect, test } from "vitest";
import { watchFiles } from "#host/checkpoint/watchFiles.ts";
import type { FileWatch } from "#host/checkpoint/watchFiles.ts";

interface Watched {
  readonly watch: FileWatch;
  readonly files: Map<string, string>;
  /** The next sentence. */
  readonly change: Promise<string>;
}

function watched(isVisible = (): boolean => true): Watched {
  const files = new Map([
    ["/a", "8 1"],
    ["/b", "9 1"],
  ]);
  const { promise, resolve } = Promise.withResolvers<string>();
  const watch = watchFiles({
    intervalMs: () => 1,
    isVisible,
    async stat(path) {
      const stamp = files.get(path);
      if (stamp === undefined) {
        throw new Error("It is gone.");
      }
      return stamp;
    },
    onDidChange: resolve,
  });
  return { watch, files, change: promise };
}

test("a file that changes is told once, whichever it is", async () => {
  const { watch, files, change } = watched();
  await watch.start("/a");
  await watch.add(["/a", "/b"]);
  files.set("/b", "9 2");
  expect(await change).toBe("The file has changed since it was read.");
  watch.dispose();
});

test("a file that is gone is told so", async () => {
  const { watch, files, change } = watched();
  await watch.start("/a");
  files.delete("/a");
  expect(await change).toBe("/a is no longer there.");
});

test("starting again says whether the file is still what it was", async () => {
  const { watch, files } = watched(() => false);
  const first = await watch.start("/a");
  const same = await watch.start("/a");
  files.set("/a", "8 2");
  expect([first, same, await watch.start("/a")]).toEqual([true, true, false]);
  watch.dispose();
});
