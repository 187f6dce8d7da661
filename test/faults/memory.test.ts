import { readFileSync } from "node:fs";
import { constants, getPriority } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createWorkerClient } from "#client/workerClient.ts";
import { startWorkerProcess } from "#client/workerProcess.ts";
import { createTestFolder } from "../support/testFolder.ts";
import type { TestFolder } from "../support/testFolder.ts";
import { buildProgram } from "../support/build.ts";
import { writeSparseCheckpoint } from "../support/sparse.ts";
import { createTally, IS_LONG } from "./rounds.ts";

let folder: TestFolder;
beforeAll(async () => {
  folder = await createTestFolder();
});
afterAll(async () => folder.dispose());

const MAX_RESIDENT_MIB = 300;

test.for(IS_LONG ? [1, 4, 20] : [2])(
  "a checkpoint of %d GiB is reduced at low priority within 300 MiB",
  async (gibibytes, context) => {
    const { time } = createTally(context);
    const path = join(folder.path, `${gibibytes}.safetensors`);
    await writeSparseCheckpoint(path, gibibytes);
    const script = await buildProgram("worker");
    const client = createWorkerClient(() => startWorkerProcess(script, () => undefined));
    try {
      const norms = await time(async () =>
        client.request<"computeNorms">({ kind: "computeNorms", path, threads: 2, engine: "simd" }),
      );
      const id = client.processId() ?? 0;
      const [, peakKib = ""] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${id}/status`, "utf8")) ?? [];
      expect([norms.readBytes, getPriority(id)]).toEqual([
        gibibytes * 2 ** 30,
        constants.priority.PRIORITY_BELOW_NORMAL,
      ]);
      expect(Number(peakKib) / 1024).toBeLessThan(MAX_RESIDENT_MIB);
    } finally {
      client.dispose();
    }
  },
);
