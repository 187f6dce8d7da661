import { type DType, isFloating } from "#core/dtype.ts";
import { TENSOR_KINDS, type TensorKind } from "#core/tensor.ts";

export interface TensorOrigin {
  readonly name: string;
  readonly dtype: DType;
  /** File name, with or without folders before it. */
  readonly file: string;
  /** What the file's own metadata says, if anything. */
  readonly declared: string | undefined;
}

/**
 * What a tensor holds, by its file's word for it, else its name, else its file's name. Weights are never presented as
 * gradients: only a clear sign makes a gradient, and whatever has no sign is a weight.
 */
export function tensorKind({ name, dtype, file, declared }: TensorOrigin): TensorKind {
  if (!isFloating(dtype)) {
    return "other";
  }
  const fileName = file.slice(Math.max(file.lastIndexOf("/"), file.lastIndexOf("\\")) + 1);
  return TENSOR_KINDS.find((kind) => kind === declared) ?? kindByName(name) ?? kindByFile(fileName);
}

function kindByName(name: string): TensorKind | undefined {
  return NAME_SIGNS.find(([sign]) => sign.test(name))?.[1];
}

/**
 * `layer.weight.grad`, `grads/layer/weight`, and the keys of optimizers. What an optimizer keeps besides moments is no
 * weight, nor is a best score that Lightning's callbacks keep, nor a moving average of the weights beside them.
 */
const NAME_SIGNS: readonly (readonly [RegExp, TensorKind])[] = [
  [/(^|[./])(exp_avg|grad_avg)([./]|$)/, "moment1"],
  [/(^|[./])(exp_avg_sq|exp_avg_sq_row|exp_avg_sq_col|square_avg|row_var|col_var|variance)([./]|$)/, "moment2"],
  [/(^|[./])momentum_buffer([./]|$)/, "momentum"],
  [/_moment1_\d+$/, "moment1"],
  [/_moment2_\d+$/, "moment2"],
  [/_velocity_\d+$/, "momentum"],
  [/_beta[12]_pow_acc_\d+$/, "other"],
  [
    /(^|[./])(master_weights|fp32_param|fp32_from_fp16_params|fp32_flat_groups|single_partition_of_fp32_groups)([./]|$)/,
    "other",
  ],
  [/(^|\/)state\/\d+\/sum$/, "moment2"],
  [/(^|\/)state\/\d+\//, "other"],
  [/(^|\/)state\/.+\/step$/, "other"],
  [/^(callbacks|loops|lr_schedulers|hyper_parameters)\//, "other"],
  [/(^|\/)(\w+_)?ema(_\w+)?\//i, "other"],
  [/[./](main_)?grad$/, "gradient"],
  [/^(grad|grads|gradient|gradients)\./, "gradient"],
  [/(^|\/)(grad|grads|gradient|gradients)\//, "gradient"],
];

function kindByFile(fileName: string): TensorKind {
  if (GRADIENT_FILE.test(fileName)) {
    return "gradient";
  }
  return OPTIMIZER_FILE.test(fileName) ? "other" : "weight";
}

/** `grads.safetensors`, `step_12_grad.safetensors`, `gradients-00001-of-00002…`, but not `grad_accum8…` or `no_grad…`. */
const GRADIENT_FILE =
  /(?<!(^|[-_.])(no|zero)[-_.]?)(?<=^|[-_.])grad(s|ient|ients)?(?![-_]?(accum|checkpoint|clip|norm))(?=[-_.]|$)/i;

/** Step counters and the like in an optimizer's file are not weights. */
const OPTIMIZER_FILE = /^(optim|optimizer)([-_.]|$)/i;
