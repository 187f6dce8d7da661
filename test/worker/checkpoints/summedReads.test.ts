import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { onDidBecomeBusy } from "#worker/busy.ts";
import { openCheckpoint } from "#worker/checkpoints/openCheckpoint.ts";
import { MANY_TENSORS, writeMade } from "../../../bench/manyTensors.ts";
import { createTestFolder } from "../../support/testFolder.ts";
import type { TestFolder } from "../../support/testFolder.ts";

const TENSORS = 20_000;
const MS_FOR_TENSORS = TENSORS / 10;

let folder: TestFolder;
beforeAll(async () => {
  folder = await createTestFolder();
});
afterAll(async () => folder.dispose());

test.for(MANY_TENSORS.filter(({ what }) => /HDF5|TensorFlow/.test(what)))(
  "before an index of $what is put in order, it is said that all that was read in pieces may take its time",
  async ({ opened, make }) => {
    writeMade(folder.path, make(TENSORS));
    const said: number[] = [];
    const subscription = onDidBecomeBusy((busyMs) => said.push(busyMs));
    const { tensors, close } = await openCheckpoint(join(folder.path, opened));
    subscription.dispose();
    await close();
    expect(tensors).toHaveLength(TENSORS);
    const [ofReads, ofTensors] = [said.slice(0, -1), said.at(-1)];
    expect(ofTensors).toBe(MS_FOR_TENSORS);
    expect(Math.max(...ofReads)).toBeGreaterThan(1000); // A microsecond a byte, and a megabyte at least.
  },
);
