/** How a call or setting limits gradients: the norm of all, of each tensor, each element, or against the weight's norm. */
export type ClipKind = "globalNorm" | "tensorNorm" | "value" | "adaptive";

/** A function that clips gradients. */
export interface ClipCall {
  readonly kind: ClipKind;
  /** Where the threshold stands among the positional arguments; the gradients or the model, when any, stand first. */
  readonly position: number;
  /** What it is called as a keyword. */
  readonly keywords: readonly string[];
  /** Only from this package: the name alone is too common. */
  readonly packages?: RegExp;
  /** torch's own functions know nothing of loss scaling. */
  readonly needsUnscaled?: true;
}

const NORM = { kind: "globalNorm", position: 1, keywords: ["max_norm", "clip_norm"] } as const;

/** Functions that clip, by their last name. torch.nn.utils, accelerate, Lightning, TensorFlow, optax, timm, apex. */
export const CLIP_CALLS: ReadonlyMap<string, ClipCall> = new Map(
  Object.entries<ClipCall>({
    clip_grad_norm_: { ...NORM, needsUnscaled: true },
    clip_grad_norm: { ...NORM, needsUnscaled: true },
    clip_grads_with_norm_: { ...NORM, needsUnscaled: true },
    clip_grad_norm_fp32: { ...NORM, keywords: ["max_norm"] },
    clip_grad_by_total_norm_fp32: { ...NORM, keywords: ["max_norm"] },
    clip_grad_value_: { kind: "value", position: 1, keywords: ["clip_value"], needsUnscaled: true },
    clip_gradients: {
      kind: "globalNorm",
      position: 1,
      keywords: ["gradient_clip_val", "max_norm", "clip_norm", "clip_val"],
    },
    dispatch_clip_grad: { kind: "globalNorm", position: 1, keywords: ["value"] },
    adaptive_clip_grad: { kind: "adaptive", position: 1, keywords: ["clip_factor"] },
    adaptive_grad_clip: { kind: "adaptive", position: 0, keywords: ["clipping"] },
    adaptive_gradient_clip: { kind: "adaptive", position: 0, keywords: ["clipping"] },
    clip_by_global_norm: { ...NORM, keywords: ["clip_norm", "max_norm"] },
    clip_by_norm: { kind: "tensorNorm", position: 1, keywords: ["clip_norm"] },
    clip_by_block_rms: { kind: "tensorNorm", position: 0, keywords: ["threshold"] },
    per_example_global_norm_clip: { kind: "globalNorm", position: 1, keywords: ["l2_norm_clip"] },
    clip: { kind: "value", position: 0, keywords: ["max_delta"], packages: /^optax$/ },
  }),
);

/** Keywords, attributes and keys that hold a threshold, whatever trainer reads them. */
const SETTINGS: readonly (readonly [RegExp, ClipKind])[] = [
  [
    /^(?:max_grad(?:ient)?_norm|grad(?:ient)?_max_norm|grad(?:ient)?_clip(?:ping)?(?:_val|_norm|_threshold)?|clip_grad(?:_norm|ient_norm|ients)?|grad_norm_clip(?:ping)?|grad_norm_max|global_clipnorm)$/,
    "globalNorm",
  ],
  [/^clipnorm$/, "tensorNorm"],
  [/^(?:clipvalue|grad(?:ient)?_clip_value|clip_grad_value)$/, "value"],
];
const ALGORITHMS: ReadonlyMap<string, ClipKind> = new Map(
  Object.entries<ClipKind>({ norm: "globalNorm", value: "value", agc: "adaptive" }),
);
export const ALGORITHM_SETTING = /^(?:gradient_clip_algorithm|clip_mode)$/;

/** What a setting's name clips; hyphens as underscores, as command lines write it. Undefined for other settings. */
export function settingKind(name: string): ClipKind | undefined {
  const written = name.replace(/^--?/, "").replaceAll("-", "_").toLowerCase();
  return SETTINGS.find(([pattern]) => pattern.test(written))?.[1];
}

/** What the setting beside a threshold says of its kind: `gradient_clip_algorithm="value"`. */
export function algorithmKind(algorithm: string | undefined): ClipKind | undefined {
  return algorithm === undefined ? undefined : ALGORITHMS.get(algorithm.toLowerCase());
}
