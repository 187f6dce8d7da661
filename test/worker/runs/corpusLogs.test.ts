import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { readLog } from "#worker/runs/readLog.ts";

const CORPUS = new URL("../../../../shared/corpus/logs/", import.meta.url);
const isAtHand = existsSync(CORPUS);

test("the real logs are read from the disk where they are at hand", () => {
  if (!isAtHand) {
    process.stdout.write("corpus not at hand\n");
  }
  expect(existsSync(new URL("known.json", CORPUS))).toBe(isAtHand);
});

if (isAtHand) {
  test.each([
    "derived/megatron.log.gz",
    "derived/megatron_utf16le_crlf.log",
    "megatron/meg_gpt2_base_n8_dp1_tp4_pp8-1809562.out",
  ])("%s holds the 18 gradient norms known of it", async (file) => {
    const { chunks, more } = await readLog(fileURLToPath(new URL(file, CORPUS)), null);
    const norms = chunks.find(({ kind }) => kind === "globalNorm");
    const points = Array.from(norms?.steps ?? [], (step, at) => [step, norms?.values[at]]);
    expect([points.length, points[0], points[1], points.at(-1), more]).toEqual([
      18,
      [30, 67.033],
      [40, 81.041],
      [200, 4.197],
      false,
    ]);
  });
}
