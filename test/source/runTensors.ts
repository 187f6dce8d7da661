const LAYERS = [0, 1, 2, 3];

const CHARACTER_TENSORS = [
  "transformer.wte.weight",
  "transformer.wpe.weight",
  "transformer.ln_f.weight",
  "transformer.ln_f.bias",
  "lm_head.weight",
  ...LAYERS.flatMap((layer) =>
    ["ln_1", "attn.c_attn", "attn.c_proj", "ln_2", "mlp.c_fc", "mlp.c_proj"].flatMap((module) =>
      ["weight", "bias"].map((name) => `transformer.h.${layer}.${module}.${name}`),
    ),
  ),
].map((name) => `_orig_mod.${name}`);

const FINE_TUNING_TENSORS = [
  "model.embed_tokens.weight",
  "model.norm.weight",
  "lm_head.weight",
  ...LAYERS.flatMap((layer) =>
    [
      ...["q_proj", "k_proj", "v_proj", "o_proj"].map((name) => `self_attn.${name}`),
      ...["gate_proj", "up_proj", "down_proj"].map((name) => `mlp.${name}`),
      "input_layernorm",
      "post_attention_layernorm",
    ].map((module) => `model.layers.${layer}.${module}.weight`),
  ),
].map((name) => `base_model.model.${name}`);

const CONV_BLOCK = ["net.0.weight", "net.0.bias", "net.1.weight", "net.1.bias", "gain"];
const SEGMENTER_TENSORS = [
  ...["encoder.stem", "encoder.stages.0", "encoder.stages.1"].flatMap((block) =>
    CONV_BLOCK.map((name) => `${block}.${name}`),
  ),
  ...["encoder.pool", "head.proj", "head.out", "heads.mask", "heads.edge"].flatMap((module) =>
    ["weight", "bias"].map((name) => `${module}.${name}`),
  ),
  "temperature",
];

const PARALLEL_TENSORS = [
  "tok_embeddings.weight",
  "norm.weight",
  "output.weight",
  ...LAYERS.flatMap((layer) =>
    [
      ...["wq", "wk", "wv", "wo"].map((name) => `attention.${name}`),
      ...["w1", "w2", "w3"].map((name) => `feed_forward.${name}`),
      "attention_norm",
      "ffn_norm",
    ].map((module) => `layers.${layer}._checkpoint_wrapped_module.${module}.weight`),
  ),
];

const CLASSIFIER_TENSORS = [
  "stem/scale",
  "stem/norm/scale",
  "stem/norm/bias",
  ...["stem/Conv_0", "stem/Conv_1", "blocks_0", "blocks_1", "head"].flatMap((module) => [
    `${module}/kernel`,
    `${module}/bias`,
  ]),
].map((name) => `params/${name}`);

const WINE_TENSORS = ["hidden_1", "hidden_2", "quality", "first", "second"].flatMap((layer) => [
  `${layer}/kernel:0`,
  `${layer}/bias:0`,
]);

/** The tensors of the runs that the sources under fixtures belong to, as the runs name them. */
export const RUN_TENSORS: Readonly<Record<string, readonly string[]>> = {
  characterModel: CHARACTER_TENSORS,
  fineTuning: FINE_TUNING_TENSORS,
  segmenter: SEGMENTER_TENSORS,
  parallelTrainer: PARALLEL_TENSORS,
  imageClassifier: CLASSIFIER_TENSORS,
  wineQuality: WINE_TENSORS,
};
