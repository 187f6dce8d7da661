import { expect, test } from "vitest";
import { normReserve } from "#core/names/mainNorm.ts";

test.each([
  ["grad_norm", "grad_norm_clipped"],
  ["train/grad_norm", "actor_grad_norm"],
  ["optim/total_grad_norm", "critic/grad_norm"],
  ["grad_norm_before_clip", "grad_norm_after_clip"],
  ["learning/raw_grad_norm", "learning/grad_norm"],
  ["grad_norm", "raw_actor_grad_norm"],
  ["unclipped_grad_norm", "grad_norm_post_clip"],
  ["grad-norm", "grad_norm_d"],
  ["grad_norm", "G/grad_norm"],
  ["grad_norm", "grad_norm (rank 3)"],
  ["actor/grad_norm", "actor/grad_norm_clipped"],
])("%s speaks for a run before %s", (name, other) => {
  expect(normReserve({ name })).toBeLessThan(normReserve({ name: other }));
});

test.each([
  ["actor/grad_norm", "critic/grad_norm"],
  ["grad_norm_g", "grad_norm_d"],
  ["grad_norm", "train/gnorm"],
])("of %s and %s the log's order decides", (name, other) => {
  expect(normReserve({ name })).toBe(normReserve({ name: other }));
});

test("a norm of single steps speaks for a run before one over samples", () => {
  expect(normReserve({ name: "grad_norm" })).toBeLessThan(normReserve({ name: "grad_norm", axis: "samples" }));
});
