import { expect, test } from "vitest";
import { createDetector } from "#analysis/detector.ts";
import type { Episode } from "#analysis/rules/rule.ts";
import { noisyNorms, pushPoint } from "../../support/norms.ts";

function find(values: readonly number[], restart = Infinity): readonly Episode[] {
  const detector = createDetector({ enabled: new Set(["GN402"]) });
  values.forEach((value, line) => {
    pushPoint(detector, { step: line < restart ? line : line - restart, value, line });
    detector.episodes(); // Asking in between changes nothing.
  });
  return detector.episodes();
}

test("norms cut at 1 are told once, from the first that is", () => {
  const norms = noisyNorms(1000);
  const first = norms.findIndex((norm) => norm >= 1);
  const [episode, ...others] = find(norms.map((norm) => Math.min(norm, 1)));
  expect([others, episode?.rule, episode?.severity, episode?.start, episode?.end, episode?.limit]).toEqual([
    [],
    "GN402",
    "info",
    first,
    null,
    1,
  ]);
  expect(episode?.message).toMatch(/^Logged norms saturate at 1 \(\d+ % of them\): this is the norm after clipping\.$/);
});

test("norms that nothing cuts are not told", () => {
  expect(find(noisyNorms(1000))).toEqual([]);
});

test("each segment is judged by itself", () => {
  const cut = noisyNorms(300).map((norm) => Math.min(norm, 1));
  const found = find([...noisyNorms(300), ...cut], 300);
  expect(found.map(({ rule, line }) => [rule, line >= 300])).toEqual([["GN402", true]]);
});
