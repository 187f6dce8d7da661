import { mkdir } from "node:fs/promises";
import { kill } from "node:process";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestFolder } from "../support/testFolder.ts";
import type { TestFolder } from "../support/testFolder.ts";
import { createRandom } from "../support/random.ts";
import { soak } from "../support/soak.ts";
import { createFaultyWorker, isAlive } from "./faultyWorker.ts";
import type { Fault } from "./plan.ts";
import { createTally, IS_LONG } from "./rounds.ts";

let folder: TestFolder;
beforeAll(async () => {
  folder = await createTestFolder();
});
afterAll(async () => folder.dispose());

const FAULTS: readonly Fault[] = ["EIO", "ESTALE", "EMFILE", "SIGKILL", "SIGSEGV", "exit"];

/** How many appends lie between two faults. */
const SPACING = 20;

test("while logs grow, rotate and are cut, and their reader fails and dies all the time, no sample is lost and none is read twice", async (context) => {
  const { time } = createTally(context);
  await mkdir(join(folder.path, "run"));
  const worker = await createFaultyWorker(join(folder.path, "programs"));
  const random = createRandom(5);
  let killed = 0;
  const stops = worker.client.onDidStop(() => (killed += 1));
  const appends = IS_LONG ? 20_000 : 800;
  const samples = await time(async () =>
    soak({
      folder: join(folder.path, "run"),
      appends,
      compareEvery: appends / 4,
      worker: worker.client,
      onAppend(done) {
        const id = worker.client.processId();
        if (done % SPACING === 0 && id !== undefined && isAlive(id) && random.below(3) === 0) {
          kill(id, "SIGKILL");
        } else if (done % SPACING === 0) {
          worker.plan({ fault: random.pick(FAULTS), atCall: random.below(30), isInThread: false, path: "" });
        }
      },
    }),
  );
  stops.dispose();
  worker.client.dispose();
  expect([samples.length, killed > 2]).toEqual([4, true]);
});
