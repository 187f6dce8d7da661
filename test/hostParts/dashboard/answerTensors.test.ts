import { expect, test } from "vitest";
import { answerTensors } from "#host/dashboard/tensors.ts";
import { createFindingsBook } from "#following/findingsBook.ts";
import { fromTensors, toTensors } from "#protocol/dashboard/tensors.ts";
import type { FromTensors, ToTensors } from "#protocol/dashboard/tensors.ts";
import { parseMessage } from "#protocol/parse.ts";
import { forWebview } from "#protocol/webviewWire.ts";
import { createRunStore } from "#store/runStore.ts";
import { batch, tensorKey } from "../../support/logs.ts";
import { layeredRun } from "../../support/layeredRun.ts";

const SPIKED = "model.layers.1.mlp.up_proj.weight";
const GROUP = { kind: "group", name: "model.layers.1" } as const;
const store = createRunStore();
const findings = createFindingsBook(createRunStore());
const run = layeredRun(store, {
  blocks: 8,
  steps: 100,
  change(name, values) {
    if (name === SPIKED) {
      values[41] = 30;
    }
  },
});

/** What the page gets, after the wire and its check. */
function ask<Kind extends ToTensors["kind"]>(
  kind: Kind,
  request: FromTensors,
  of = run,
): Extract<ToTensors, { kind: Kind }> {
  const given: ToTensors[] = [];
  answerTensors(parseMessage(fromTensors, structuredClone(request)) ?? request, {
    run: of,
    store,
    findings,
    post: (answer) => given.push(answer),
  });
  const [answer] = given.map((one) => parseMessage(toTensors, forWebview(one)));
  if (answer?.kind !== kind) {
    throw new Error(`The answer is ${answer?.kind}.`);
  }
  return answer as Extract<ToTensors, { kind: Kind }>;
}

test("the outline has the model's order, its steps and its colours; names are sent once", () => {
  const { groups, tensors, steps, interval, scale } = ask("outline", { kind: "outline", id: 1, knownTensors: 0 });
  expect([groups?.length, groups?.[2]?.name, tensors, steps, interval]).toEqual([
    10,
    "model.layers.1",
    42,
    { min: 1, max: 100 },
    1,
  ]);
  expect(10 ** scale.high).toBeLessThan(30); // The one spike does not flatten the other tensors.
  expect(ask("outline", { kind: "outline", id: 2, knownTensors: 42 }).groups).toBeNull();
});

test("a few blocks of many tensors have their place in the colours, and have them alone while they are folded", () => {
  const experts = Array.from({ length: 200 }, (_, index) => `layers.${index % 2}.experts.${index}.weight`);
  const many = createRunStore();
  const log = { path: "/run/metrics.jsonl", format: "jsonl" } as const;
  const moe = many.setFiles({ folder: "/run", logs: [log], checkpoints: [], modifiedMs: 0 });
  const columns = { steps: Float64Array.of(1, 2), values: Float64Array.of(0.01, 0.02), lines: Float64Array.of(0, 1) };
  many.append(moe.id, log, batch(experts.map((name) => ({ ...tensorKey(name), ...columns }))));
  const { scale, foldedScale } = ask("outline", { kind: "outline", id: 1, knownTensors: 0 }, moe);
  const shown = [scale, foldedScale].map(({ low, high }) => [10 ** low, 10 ** high].map((norm) => norm.toFixed(2)));
  // A block of a hundred has ten times the norm of each.
  expect(shown).toEqual([
    ["0.01", "0.20"],
    ["0.10", "0.20"],
  ]);
});

test("the spike is in the cells of its tensor and of its block, and in no other", () => {
  const rows = [{ kind: "tensor", name: SPIKED }, GROUP, { kind: "group", name: "model.layers.2" }] as const;
  const { most, steps } = ask("cells", {
    kind: "cells",
    id: 1,
    grid: { from: 1, width: 25.01, columns: 4 },
    rows: [...rows],
  });
  const isSpike = Array.from(most, (log) => 10 ** log > 29);
  expect(isSpike).toEqual([false, true, false, false, false, true, false, false, false, false, false, false]);
  expect(Array.from(steps.subarray(0, 4))).toEqual([26, 25, 25, 24]);
});

test("a row that the run does not have is not measured", () => {
  const grid = { from: 1, width: 100, columns: 1 };
  const { steps } = ask("cells", { kind: "cells", id: 1, grid, rows: [{ kind: "tensor", name: "none" }] });
  expect(Array.from(steps)).toEqual([0]);
});

test("a request for more cells than a page can hold is not answered", () => {
  const rows = Array.from({ length: 10_000 }, () => ({ kind: "tensor", name: "w" }) as const);
  const request: FromTensors = { kind: "cells", id: 1, grid: { from: 0, width: 1, columns: 8000 }, rows };
  expect(() => ask("cells", request)).toThrow("The answer is undefined");
});

test("among some steps the worst of a block is found, with who made it and the slope of each role", () => {
  const { step, movers, depth } = ask("atStep", { kind: "atStep", id: 1, row: GROUP, steps: { min: 20, max: 60 } });
  expect([step, movers[0]?.tensor, depth.isRms, depth.profiles.length]).toEqual([42, SPIKED, false, 5]);
  expect(ask("atStep", { kind: "atStep", id: 2, row: null, steps: { min: 70.2, max: 70.2 } }).step).toBe(70);
});

test("a tensor's line tells the samples around a step and where in the log they stand", () => {
  const grid = { from: 1, width: 100, columns: 1 };
  const { points } = ask("line", { kind: "line", id: 1, row: { kind: "tensor", name: SPIKED }, grid, step: 42 });
  expect([points.length, points[4]]).toEqual([
    9,
    { step: 42, value: 30, place: { path: "/run/metrics.jsonl", line: 41 } },
  ]);
  expect(ask("line", { kind: "line", id: 1, row: GROUP, grid, step: 42 }).points).toEqual([]);
});

test("the shares of a step are those of its squares", () => {
  const { names, shares, steps } = ask("shares", { kind: "shares", id: 1, grid: { from: 42, width: 1, columns: 1 } });
  expect([names[0], steps[0], (shares[0] ?? 0) > 0.99, shares.length]).toEqual([SPIKED, 42, true, 7]);
});
