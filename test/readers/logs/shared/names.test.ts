import { expect, test } from "vitest";
import { classify } from "#readers/logs/shared/names.ts";

test.each([
  "grad_norm",
  "grad-norm",
  "grad norm",
  "train/grad_norm",
  "train_grad_norm",
  "metrics/train/grad_norm",
  "actor/grad_norm",
  "global_norm",
  "global_grad_norm",
  "gnorm",
  "gradnorm",
  "Grad. Norm",
  "actor_grad_norm",
  "train/critic_grad_norm",
  "generator_grad_norm",
  "train/discriminator_grad_norm",
  "train/disc_grad_norm",
  "grad_norm_g",
  "train/grad_norm_D",
  "grad_norm_discriminator",
  "train/GradNorm",
  "train_gnorm",
  "total_norm",
  "total_grad_norm",
  "gradient_norm",
  "gradients_norm",
  "l2_grads",
  "grad_l2",
  "grad_norm_step",
  "grad_2.0_norm_total",
  "grad_2.0_norm_total_step",
  "grad_2.0_norm/total",
  "optim/total_grad_norm",
  "optim/total grad norm",
  "l2_norm/grad/global",
  "grad/norm/total",
  "grad/norm",
  "gradients/global_norm",
  "grad_norm/total",
  "grad.norm",
  "learning/raw_grad_norm",
  "grad_norm_preclip",
  "grad_norm_before_clip",
  "clipped_grad_norm",
  "unclipped_grad_norm",
  "batch_grad_norm",
  "epoch_grad_norm",
  "learners/default_policy/gradients_default_optimizer_global_norm",
  "info/learner/default_policy/learner_stats/grad_gnorm",
])("%s is the global norm", (name) => {
  expect(classify(name)).toEqual({ kind: "globalNorm", name, tensor: null });
});

test.each([
  ["grad_norm/transformer.h.0.weight", "transformer.h.0.weight"],
  ["train/grad_norm/wte.weight", "wte.weight"],
  ["grad_norm.wte.weight", "wte.weight"],
  ["gradients/encoder.weight", "encoder.weight"],
  ["gradients/encoder_norm", "encoder"],
  ["grad_2.0_norm/fc1.weight", "fc1.weight"],
  ["grad_2.0_norm_fc1.weight", "fc1.weight"],
  ["grad_2.0_norm/fc1.weight_step", "fc1.weight"],
  ["optim/grad/blocks.0.w.norm", "blocks.0.w"],
  ["l2_norm/grad/model.layers.0.weight", "model.layers.0.weight"],
  ["grad/norm/transformer/0/kernel", "transformer/0/kernel"],
  ["layers.0.weight.grad_norm", "layers.0.weight"],
  ["layers.0.bias/grad_norm", "layers.0.bias"],
  ["grad_norm/layers.0.weight.grad", "layers.0.weight"],
  ["encoder_grad_norm", "encoder"],
  ["grad_norm/__proto__", "__proto__"],
])("%s is the norm of the tensor %s", (name, tensor) => {
  expect(classify(name)).toEqual({ kind: "tensorNorm", name, tensor });
});

test.each([
  ["loss", "loss"],
  ["train/loss", "loss"],
  ["eval_loss", "loss"],
  ["lm loss", "loss"],
  ["train_loss_step", "loss"],
  ["Loss/train", "loss"],
  ["Loss/val", "loss"],
  ["loss/total", "loss"],
  ["loss/train/total", "loss"],
  ["batch_loss", "loss"],
  ["loss_scale", "lossScale"],
  ["loss-scale", "lossScale"],
  ["grad_scale", "lossScale"],
  ["lr", "learningRate"],
  ["train/lr", "learningRate"],
  ["learning-rate", "learningRate"],
  ["optim/LR (group 0)", "learningRate"],
  ["lr-AdamW", "learningRate"],
  ["lr-SGD-1", "learningRate"],
  ["lr-AdamW/pg1", "learningRate"],
  ["lr-DecoupledSGDW/group0", "learningRate"],
  ["epoch_learning_rate", "learningRate"],
  ["lr/group0", "learningRate"],
  ["learning_rate/1", "learningRate"],
  ["skipped", "skippedSteps"],
  ["number of skipped iterations", "skippedSteps"],
  ["optim/step skipped", "skippedSteps"],
  ["number of nan iterations", "nanSteps"],
  ["params norm", "weightNorm"],
  ["params-norm", "weightNorm"],
  ["weight_norm", "weightNorm"],
  ["optim/clipping_rate", "clippedShare"],
])("%s is %s", (name, kind) => {
  expect(classify(name)).toEqual({ kind, name, tensor: null });
});

test.each([
  "max_grad_norm",
  "optimizer/max_norm",
  "gradient_clip_val",
  "clip_grad",
  "clip_grad_norm",
  "clip",
  "l2_norm/param/wte.weight",
  "l2_norm/moment/wte.weight",
  "norm",
  "grad_norm_max",
  "grad_norm/mean",
  "mean_grad_norm",
  "grad_norm_epoch",
  "grad_2.0_norm/fc1.weight_epoch",
  "grad_inf_norm/fc1.weight",
  "gradients/fc1.weight/packedBins/size",
  "loss_cls",
  "Loss/bbox",
  "lr/scheduler",
  "lr-SGD-momentum",
  "lr-AdamW/pg1-momentum",
  "num_zeros",
  "epoch",
])("%s is neither a norm, a loss nor a rate", (name) => {
  expect(classify(name)).toEqual({ kind: "other", name, tensor: null });
});

test.each([
  { name: "norm", format: "pipeLines", kind: "globalNorm" },
  { name: "norm", format: "jsonl", kind: "other" },
  { name: "clip", format: "fairseq", kind: "clippedShare" },
  { name: "clip", format: "jsonl", kind: "other" },
  { name: "constructor", format: "pipeLines", kind: "other" },
  { name: "__proto__", format: "fairseq", kind: "other" },
] as const)("$name is $kind in a log of $format", ({ name, format, kind }) => {
  expect(classify(name, format)).toEqual({ kind, name, tensor: null });
});

test.each([
  { name: "epoch_grad_norm", kind: "globalNorm", axis: "epochs" },
  { name: "epoch_learning_rate", kind: "learningRate", axis: "epochs" },
  { name: "batch_grad_norm", kind: "globalNorm", axis: undefined },
])("$name of Keras' events counts $axis", ({ name, kind, axis }) => {
  expect(classify(name, "tensorBoard")).toEqual({ kind, name, tensor: null, ...(axis !== undefined && { axis }) });
});

test("a series of another rank is of the same kind under its own name", () => {
  expect(classify("grad norm (rank 3)")).toEqual({ kind: "globalNorm", name: "grad norm (rank 3)", tensor: null });
});

test("a name of a megabyte is no norm and is judged at once", () => {
  expect(classify("grad/".repeat(200_000)).kind).toBe("other");
});

test.each([
  { name: "Train/Samples/train_loss", kind: "loss", axis: "samples" },
  { name: "Train/Samples/lr", kind: "learningRate", axis: "samples" },
  { name: "grad-norm vs samples", kind: "other", axis: "samples" },
  { name: "lm loss vs tokens", kind: "other", axis: "tokens" },
])("$name counts $axis", ({ name, kind, axis }) => {
  expect(classify(name)).toEqual({ kind, name, tensor: null, axis });
});
