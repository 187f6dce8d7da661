import { expect, test } from "vitest";

import { tensorKind } from "#readers/checkpoints/shared/tensorKind.ts";

const WEIGHT = { name: "layer.weight", dtype: "F32", file: "model.safetensors", declared: undefined } as const;

test.each([
  { sign: "no sign at all", kind: "weight" },
  { sign: "a declared kind", declared: "gradient", kind: "gradient" },
  { sign: "a declared word that is no kind", declared: "pt", kind: "weight" },
  { sign: "whole numbers, whatever is declared", dtype: "I64", declared: "gradient", kind: "other" },
  { sign: "booleans in a gradient file", dtype: "BOOL", file: "grads.safetensors", kind: "other" },
  { sign: "a name ending in .grad", name: "layer.weight.grad", kind: "gradient" },
  { sign: "a name starting with grads/", name: "grads/layer.weight", kind: "gradient" },
  { sign: "a module called gradual", name: "gradual.weight", kind: "weight" },
  { sign: "exp_avg", name: "state.0.exp_avg", kind: "moment1" },
  { sign: "exp_avg_sq", name: "state/0/exp_avg_sq", kind: "moment2" },
  { sign: "exp_avg before the parameter", name: "optimizer.state.exp_avg.layers.0.weight", kind: "moment1" },
  { sign: "momentum_buffer", name: "layer.weight.momentum_buffer", kind: "momentum" },
  { sign: "grads at any depth", name: "dump/grads/layer.weight", kind: "gradient" },
  { sign: "RMSprop's square_avg", name: "optimizer/state/0/square_avg", kind: "moment2" },
  { sign: "Adagrad's sum", name: "state/0/sum", kind: "moment2" },
  { sign: "Adafactor's row_var", name: "state/0/row_var", kind: "moment2" },
  { sign: "the largest moment AMSGrad has seen", name: "state/0/max_exp_avg_sq", kind: "other" },
  { sign: "a step counter", name: "optimizer_state_dict/state/0/step", kind: "other" },
  { sign: "what an optimizer keeps for a numbered parameter", name: "state/12/acc_delta", kind: "other" },
  { sign: "what LBFGS keeps in a list", name: "optimizer/state/0/old_dirs/3", kind: "other" },
  { sign: "a best score of a callback of Lightning", name: "callbacks/EarlyStopping/best_score", kind: "other" },
  { sign: "a moving average of the weights", name: "state_dict_ema/layer.weight", kind: "other" },
  { sign: "a module called ema in a state dict", name: "state_dict/ema.weight", kind: "weight" },
  { sign: "a model under the key state", name: "state/encoder/layer_0/weight", kind: "weight" },
  { sign: "a numbered layer under the key state", name: "state/0.weight", kind: "weight" },
  { sign: "a module called step", name: "step.weight", kind: "weight" },
  { sign: "a step by the parameter's name", name: "state/layer.weight/step", kind: "other" },
  { sign: "a prefix of data parallel training", name: "module.layer.weight", kind: "weight" },
  { sign: "Paddle's first moment", name: "linear_0.w_0_moment1_0", file: "m.pdopt", kind: "moment1" },
  { sign: "Paddle's power of beta", name: "linear_0.w_0_beta1_pow_acc_0", file: "m.pdopt", kind: "other" },
  { sign: "a float32 copy of the weights", name: "optimizer/fp32_from_fp16_params/0/1", kind: "other" },
  { sign: "a moment in a gradient file", name: "0.exp_avg", file: "grads.safetensors", kind: "moment1" },
  { sign: "grads.safetensors", file: "grads.safetensors", kind: "gradient" },
  { sign: "step_12_grad.safetensors", file: "step_12_grad.safetensors", kind: "gradient" },
  { sign: "gradients-00001-of-00002.safetensors", file: "gradients-00001-of-00002.safetensors", kind: "gradient" },
  {
    sign: "grads_last_step_bf16.safetensors in a folder",
    file: "out/grads_last_step_bf16.safetensors",
    kind: "gradient",
  },
  { sign: "a folder of gradients around a model", file: "grads/model.safetensors", kind: "weight" },
  { sign: "gradient accumulation in the file name", file: "model_grad_accum_8.safetensors", kind: "weight" },
  { sign: "no_grad in the file name", file: "model_no_grad.safetensors", kind: "weight" },
  { sign: "gradual in the file name", file: "gradual.safetensors", kind: "weight" },
  { sign: "optimizer.safetensors", name: "0.step", file: "optimizer.safetensors", kind: "other" },
] as const)("$sign makes a tensor of kind $kind", ({ sign: _sign, kind, ...signs }) => {
  expect(tensorKind({ ...WEIGHT, ...signs })).toBe(kind);
});
