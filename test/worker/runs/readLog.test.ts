import { afterAll, beforeAll, expect, test } from "vitest";
import type { LogBatch } from "#core/log.ts";
import { readLog } from "#worker/runs/readLog.ts";
import { createTestFolder } from "../../support/testFolder.ts";
import type { TestFolder } from "../../support/testFolder.ts";
import { eventRecord, scalar, VERSION_RECORD } from "../../support/tfEvents.ts";
import { historyRecord, wandbLog } from "../../support/wandb.ts";

let folder: TestFolder;
beforeAll(async () => {
  folder = await createTestFolder();
});
afterAll(async () => folder.dispose());

function rowsOf({ chunks }: LogBatch): number[][] {
  return chunks.map(({ steps, values, lines }) => [...steps, ...values, ...lines]);
}

test.each([
  {
    name: "events.out.tfevents.1.host.2.0",
    log: Buffer.concat([
      VERSION_RECORD,
      eventRecord({ step: 1 }, scalar("grad_norm", 2)),
      eventRecord({ step: 2 }, scalar("grad_norm", Number.NaN)),
    ]),
    expected: [[[1, 2, 1]], [[2, Number.NaN, 2]], [], [[1, 2, 1]]],
  },
  {
    name: "run-abc.wandb",
    log: wandbLog(historyRecord(1, [["grad_norm", "2"]]), historyRecord(2, [["grad_norm", "NaN"]])),
    expected: [[[1, 2, 0]], [[2, Number.NaN, 1]], [], [[1, 2, 0]]],
  },
])(
  "$name is read on from where it stopped, and from its start when it was replaced",
  async ({ name, log, expected }) => {
    const path = await folder.write(name, log.subarray(0, log.length - 3));
    const one = await readLog(path, null);
    await folder.write(name, log);
    const two = await readLog(path, structuredClone(one.position));
    const three = await readLog(path, two.position);
    await folder.write(name, log.subarray(0, log.length - 1));
    const four = await readLog(path, three.position);
    const all = [one, two, three, four];
    expect([all.map(rowsOf), all.map(({ restarted }) => restarted), all.flatMap(({ problems }) => problems)]).toEqual([
      expected,
      [false, false, false, true],
      [],
    ]);
  },
);

test("a log of several batches is read to its end", async () => {
  const events = Array.from({ length: 200 }, (_, step) =>
    eventRecord({ step }, scalar(`text ${"x".repeat(60_000)}`, step), scalar("loss", step)),
  );
  const path = await folder.write("long.tfevents", Buffer.concat([VERSION_RECORD, ...events]));
  const one = await readLog(path, null);
  const two = await readLog(path, one.position);
  const losses = [one, two].flatMap(({ chunks }) => chunks.filter(({ kind }) => kind === "loss"));
  expect([one.more, two.more, losses.flatMap(({ steps }) => [...steps])]).toEqual([true, false, [...events.keys()]]);
});
