import { describe, expect, test } from "vitest";
import { stepSitesIn } from "#source/clipping/optimizerSteps.ts";
import { parseDocument } from "#source/document.ts";
import { readFixture } from "./positions.ts";

function stepsIn(text: string): readonly string[] {
  return stepSitesIn(parseDocument("python", text)).map(
    ({ optimizer, scaler, isClipped }) =>
      `${optimizer}${scaler === undefined ? "" : ` by ${scaler}`}${isClipped ? ", clipped" : ""}`,
  );
}

describe("optimizer steps", () => {
  test.each([
    ["optimizer.step()", "optimizer"],
    ["self.optimizer.step(closure)", "self.optimizer"],
    ["opt.step()", "opt"],
    ["optimizer_d.step()", "optimizer_d"],
    ["disc_opt.step()", "disc_opt"],
    ["optimizers[0].step()", "optimizers[0]"],
    ["scaler.step(optimizer)", "optimizer by scaler"],
    ["self.grad_scaler.step(self.opt)", "self.opt by self.grad_scaler"],
    ["for opt in self.optimizers(): opt.step()", "opt"],
  ])("%s", (source, step) => {
    expect(stepsIn(source)).toEqual([step]);
  });

  test.each([
    "scheduler.step()",
    "lr_scheduler.step(epoch)",
    "env.step(action)",
    "model_engine.step()",
    "profiler.step()",
    "adopt.step()",
    "option.step()",
    "step(optimizer)",
    "optimizer.steps()",
    "# optimizer.step()",
    "'optimizer.step()'",
    "class Both:\n    def step(self):\n        self.first_optimizer.step()",
  ])("%s is none", (source) => {
    expect(stepsIn(source)).toEqual([]);
  });

  test.each(["lookAlikeTraining", "lookAlikeShop"])("%s has none", (name) => {
    expect(stepSitesIn(readFixture(name))).toEqual([]);
  });
});

describe("what comes before a step", () => {
  test.each([
    ["for x in d:\n    clip_grad_norm_(p, 1.0)\n    optimizer.step()", "optimizer, clipped"],
    ["for x in d:\n    if n:\n        clip_grad_norm_(p, 1.0)\n    optimizer.step()", "optimizer, clipped"],
    [
      "for e in n:\n    for x in d:\n        loss.backward()\n    clip_grad_norm_(p, 1.0)\n    optimizer.step()",
      "optimizer, clipped",
    ],
    ["for x in d:\n    optimizer.step()\n    clip_grad_norm_(p, 1.0)", "optimizer"],
    ["for x in d:\n    clip_grad_norm_(p, 1.0)\nfor x in d:\n    optimizer.step()", "optimizer"],
    ["def f():\n    clip_grad_norm_(p, 1.0)\ndef g():\n    optimizer.step()", "optimizer"],
    ["def limit(m):\n    clip_grad_norm_(m, 1.0)\ndef g():\n    limit(m)\n    optimizer.step()", "optimizer, clipped"],
    ["for x in d:\n    self.clip_gradients(p)\n    optimizer.step()", "optimizer, clipped"],
    ["for x in d:\n    zclip.apply(model)\n    optimizer.step()", "optimizer, clipped"],
    ["for x in d:\n    y = np.clip(x, 0, 1)\n    optimizer.step()", "optimizer"],
    ["for x in d:\n    # clip_grad_norm_(p, 1.0)\n    optimizer.step()", "optimizer"],
  ])("%s", (source, step) => {
    expect(stepsIn(source)).toEqual([step]);
  });
});
