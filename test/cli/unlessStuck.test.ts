import { spawnSync } from "node:child_process";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openForReading } from "#files/readHandle.ts";
import { tracked } from "#files/openCalls.ts";
import { unlessStuck } from "#cli/mcp/unlessStuck.ts";
import { createTestFolder } from "../files/folder.ts";
import type { TestFolder } from "../files/folder.ts";

// Opening a pipe that nobody writes to does not come back, as a call to a dead network file system does not.

let folder: TestFolder;
let pipe: string;
beforeEach(async () => {
  folder = await createTestFolder();
  pipe = join(folder.path, "pipe");
  spawnSync("mkfifo", [pipe]);
});
afterEach(async () => folder.dispose());

test.skipIf(process.platform === "win32")(
  "a question about what the disk does not answer about fails with a sentence, and one that is asked meanwhile is answered",
  async () => {
    const file = await folder.write("metrics.jsonl", "{}\n");
    const [opening, later] = [tracked(pipe, open(pipe, "r")), open(pipe, "r")];
    const asked = unlessStuck(async () => tracked(pipe, later), 1000);
    await expect(asked).rejects.toThrow(`${pipe}: The disk has not answered for 1 s. Ask again when it does.`);
    const other = unlessStuck(async () => {
      await setTimeout(1500);
      const handle = await openForReading(file);
      await handle.close();
      return "read";
    }, 1000);
    expect(await other).toBe("read");
    const writer = await open(pipe, "w");
    await Promise.all([opening, later].map(async (reader) => (await reader).close()));
    await writer.close();
  },
);
