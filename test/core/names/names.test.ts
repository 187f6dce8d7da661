import { expect, test } from "vitest";

import { rollUp } from "#core/names/groups.ts";
import { inModelOrder } from "#core/names/order.ts";
import { normalizeName, plainName } from "#core/names/plainName.ts";
import { addressOf } from "#core/names/tensorAddress.ts";

/** Names as each library's own model of this family has them, read off small models made with Transformers 5.18 and timm 1.0. */
interface Family {
  readonly family: string;
  /** In the order in which the model computes; `#` stands for the block's number. */
  readonly before?: readonly string[];
  readonly blocks: readonly string[];
  readonly numbers: readonly string[];
  readonly after: readonly string[];
}

const TWELVE = Array.from({ length: 12 }, (_, block) => String(block));

const FAMILIES: readonly Family[] = [
  {
    family: "Llama",
    before: ["model.embed_tokens.weight"],
    blocks: ["model.layers.#.self_attn.q_proj.weight", "model.layers.#.mlp.down_proj.weight"],
    numbers: TWELVE,
    after: ["model.norm.weight", "lm_head.weight"],
  },
  {
    family: "GPT-2",
    before: ["transformer.wte.weight", "transformer.wpe.weight"],
    blocks: ["transformer.h.#.ln_1.weight", "transformer.h.#.attn.c_attn.weight"],
    numbers: TWELVE,
    after: ["transformer.ln_f.weight"],
  },
  {
    family: "BERT",
    before: ["bert.embeddings.word_embeddings.weight", "bert.embeddings.LayerNorm.weight"],
    blocks: ["bert.encoder.layer.#.attention.self.query.weight", "bert.encoder.layer.#.output.LayerNorm.weight"],
    numbers: TWELVE,
    after: ["cls.predictions.transform.dense.weight", "cls.predictions.bias"],
  },
  {
    family: "OPT, whose final norm is listed before its layers",
    before: ["model.decoder.embed_tokens.weight"],
    blocks: ["model.decoder.layers.#.fc1.weight"],
    numbers: TWELVE,
    after: ["model.decoder.final_layer_norm.weight"],
  },
  {
    family: "ViT of Transformers",
    before: ["vit.embeddings.cls_token", "vit.embeddings.patch_embeddings.projection.weight"],
    blocks: ["vit.layers.#.attention.q_proj.weight"],
    numbers: TWELVE,
    after: ["vit.layernorm.weight", "classifier.weight"],
  },
  {
    family: "ViT of timm",
    before: ["cls_token", "pos_embed", "patch_embed.proj.weight"],
    blocks: ["blocks.#.attn.qkv.weight"],
    numbers: TWELVE,
    after: ["norm.weight", "head.weight"],
  },
  {
    family: "ResNet of timm",
    before: ["conv1.weight", "bn1.weight"],
    blocks: ["layer#.conv1.weight"],
    numbers: ["1.0", "1.2", "2.0", "3.5", "3.10", "4.2"],
    after: ["fc.weight"],
  },
  {
    family: "ResNet of Transformers",
    before: ["resnet.embedder.embedder.convolution.weight"],
    blocks: ["resnet.encoder.stages.#.layer.0.convolution.weight"],
    numbers: ["0.layers.0", "0.layers.2", "2.layers.5", "2.layers.10", "3.layers.1"],
    after: ["classifier.1.weight"],
  },
  {
    family: "Falcon",
    before: ["transformer.word_embeddings.weight"],
    blocks: ["transformer.h.#.self_attention.query_key_value.weight"],
    numbers: TWELVE,
    after: ["transformer.ln_f.weight", "lm_head.weight"],
  },
  {
    family: "GPT-NeoX",
    before: ["gpt_neox.embed_in.weight"],
    blocks: ["gpt_neox.layers.#.attention.dense.weight"],
    numbers: TWELVE,
    after: ["gpt_neox.final_layer_norm.weight", "embed_out.weight"],
  },
  {
    family: "Swin of Transformers, which reduces after a stage",
    before: ["swin.embeddings.patch_embeddings.projection.weight"],
    blocks: ["swin.encoder.layers.#.weight"],
    numbers: [
      "0.blocks.0.mlp.fc1",
      "0.blocks.1.mlp.fc1",
      "0.downsample.reduction",
      "2.blocks.5.mlp.fc1",
      "2.blocks.10.mlp.fc1",
    ],
    after: ["swin.layernorm.weight", "classifier.weight"],
  },
  {
    family: "Swin of timm, which reduces before a stage",
    before: ["patch_embed.proj.weight"],
    blocks: ["layers.#.weight"],
    numbers: ["0.blocks.0.mlp.fc1", "1.downsample.reduction", "1.blocks.0.mlp.fc1", "1.blocks.1.mlp.fc1"],
    after: ["norm.weight", "head.fc.weight"],
  },
  {
    family: "ConvNeXt",
    before: ["stem.0.weight"],
    blocks: ["stages.#.weight"],
    numbers: [
      "0.blocks.0.conv_dw",
      "1.downsample.0",
      "1.blocks.0.conv_dw",
      "2.blocks.8.conv_dw",
      "2.blocks.10.conv_dw",
    ],
    after: ["head.norm.weight", "head.fc.weight"],
  },
  {
    family: "EfficientNet",
    before: ["conv_stem.weight", "bn1.weight"],
    blocks: ["blocks.#.conv_dw.weight"],
    numbers: ["0.0", "1.1", "5.3", "5.10", "6.0"],
    after: ["conv_head.weight", "bn2.weight", "classifier.weight"],
  },
  {
    family: "Mixtral with experts of their own",
    before: ["model.embed_tokens.weight"],
    blocks: [
      "model.layers.#.self_attn.q_proj.weight",
      "model.layers.#.block_sparse_moe.experts.2.w1.weight",
      "model.layers.#.block_sparse_moe.experts.10.w1.weight",
    ],
    numbers: TWELVE,
    after: ["model.norm.weight", "lm_head.weight"],
  },
  {
    family: "UNet of diffusers",
    before: ["conv_in.weight", "time_embedding.linear_1.weight"],
    blocks: ["#.resnets.0.conv1.weight"],
    numbers: ["down_blocks.0", "down_blocks.2", "mid_block", "up_blocks.0", "up_blocks.10"],
    after: ["conv_norm_out.weight", "conv_out.weight"],
  },
  {
    family: "Megatron",
    before: ["embedding.word_embeddings.weight"],
    blocks: ["decoder.layers.#.self_attention.linear_qkv.weight"],
    numbers: TWELVE,
    after: ["decoder.final_layernorm.weight", "output_layer.weight"],
  },
  {
    family: "ViT of Flax",
    before: ["params/embedding/kernel"],
    blocks: ["params/Transformer/encoderblock_#/MlpBlock_3/Dense_0/kernel"],
    numbers: TWELVE,
    after: ["params/Transformer/encoder_norm/scale", "params/head/kernel"],
  },
  {
    family: "layers in a row",
    blocks: ["net.#.weight"],
    numbers: ["0", "2", "4", "10", "12"],
    after: [],
  },
];

function namesOf({ before = [], blocks, numbers, after }: Family): readonly string[] {
  return [...before, ...numbers.flatMap((number) => blocks.map((name) => name.replace("#", number))), ...after];
}

/** The blocks in the order in which they come. */
function blocksOf(names: readonly string[]): readonly string[] {
  const addresses = names.map(addressOf).filter(({ section }) => section === "body");
  return [...new Set(addresses.map(({ group }) => group))];
}

test.each(FAMILIES)("sorted as safetensors sorts them, names of $family come back in the model's order", (family) => {
  const names = namesOf(family);
  // Names of one place in the model keep the order they came in.
  const stable = inModelOrder(names, (name) => name);
  expect(stable).toEqual(names);
  expect(blocksOf(inModelOrder(names.toSorted(), (name) => name))).toEqual(blocksOf(names));
});

test("an encoder comes before its decoder, and what both share before both", () => {
  const names = [
    "shared.weight",
    "encoder.block.2.layer.0.SelfAttention.q.weight",
    "encoder.block.10.layer.1.DenseReluDense.wi.weight",
    "encoder.final_layer_norm.weight",
    "decoder.block.0.layer.1.EncDecAttention.k.weight",
    "decoder.block.11.layer.2.DenseReluDense.wo.weight",
    "decoder.final_layer_norm.weight",
    "lm_head.weight",
  ];
  expect(inModelOrder(names.toSorted(), (name) => name)).toEqual(names);
});

test.each([
  ["module.model.layers.3.mlp.up_proj.weight", "model.layers.3.mlp.up_proj.weight"],
  ["module._orig_mod.h.0.ln_1.weight", "h.0.ln_1.weight"],
  ["_fsdp_wrapped_module.h.0._fsdp_wrapped_module.attn.c_attn.weight", "h.0.attn.c_attn.weight"],
  ["h.0._checkpoint_wrapped_module._orig_mod.attn.c_attn.weight", "h.0.attn.c_attn.weight"],
  [
    "base_model.model.model.layers.0.self_attn.q_proj.lora_A.default.weight",
    "model.layers.0.self_attn.q_proj.lora_A.weight",
  ],
  ["base_model.model.model.layers.0.self_attn.q_proj.base_layer.weight", "model.layers.0.self_attn.q_proj.weight"],
  ["model.model.layers.0.weight", "model.layers.0.weight"],
  ["model/h.0.weight", "h.0.weight"],
  ["state_dict/model.h.0.weight", "model.h.0.weight"],
  ["params/Transformer/encoderblock_3/LayerNorm_0/scale", "Transformer.encoderblock_3.LayerNorm_0.scale"],
  ["module", "module"],
])("the plain name of %s is %s", (name, plain) => {
  expect([plainName(name), plainName(plain)]).toEqual([plain, plain]);
});

test.each([
  ["model.layers.0.self_attn.q_proj.weight", "query"],
  ["model.layers.0.self_attn.k_proj.bias", "bias"],
  ["bert.encoder.layer.0.attention.self.value.weight", "value"],
  ["bert.encoder.layer.0.attention.output.dense.weight", "attentionOutput"],
  ["bert.encoder.layer.0.intermediate.dense.weight", "up"],
  ["bert.encoder.layer.0.output.dense.weight", "down"],
  ["bert.encoder.layer.0.output.LayerNorm.weight", "norm"],
  ["transformer.h.0.attn.c_attn.weight", "queryKeyValue"],
  ["transformer.h.0.attn.c_proj.weight", "attentionOutput"],
  ["transformer.h.0.mlp.c_proj.weight", "down"],
  ["transformer.h.0.ln_2.weight", "norm"],
  ["encoder.block.0.layer.0.SelfAttention.o.weight", "attentionOutput"],
  ["encoder.block.0.layer.1.DenseReluDense.wo.weight", "down"],
  ["model.layers.0.mlp.gate_proj.weight", "gate"],
  ["model.layers.0.mlp.gate.weight", "router"],
  ["model.layers.0.mlp.experts.gate_up_proj", "up"],
  ["model.layers.0.q_proj.lora_A.default.weight", "loraA"],
  ["model.layers.0.q_proj.lora_B.weight", "loraB"],
  ["convnext.encoder.stages.0.layers.0.layer_scale_parameter", "other"],
  ["layer1.0.conv1.weight", "convolution"],
  ["layer1.0.downsample.1.weight", "norm"],
  ["lm_head.weight", "head"],
  ["transformer.wte.weight", "embedding"],
])("%s is a tensor of role %s", (name, role) => {
  expect(addressOf(name).role).toBe(role);
});

test("tensors that do the same at different depths share a pattern, experts too", () => {
  const patterns = [
    "module.model.layers.3.mlp.experts.7.w1.weight",
    "model.layers.11.mlp.experts.0.w1.weight",
    "layer3.10.conv1.weight",
    "params/encoderblock_3/Dense_0/kernel",
    "lm_head.weight",
  ].map((name) => addressOf(name).pattern);
  expect(patterns).toEqual([
    "model.layers.*.mlp.experts.*.w1.weight",
    "model.layers.*.mlp.experts.*.w1.weight",
    "layer*.*.conv1.weight",
    "encoderblock_*.Dense_0.kernel",
    "lm_head.weight",
  ]);
});

test("the norm of a group is the root of the sum of the squares, and NaN where one is", () => {
  const groups = rollUp([
    { name: "h.10.a.weight", norm: Number.NaN, elements: 2 },
    { name: "h.2.a.weight", norm: 3, elements: 4 },
    { name: "wte.weight", norm: 2, elements: 8 },
    { name: "h.2.b.weight", norm: 4, elements: 1 },
  ]);
  expect(groups).toEqual([
    { group: "wte", norm: 2, elements: 8, tensors: 1 },
    { group: "h.2", norm: 5, elements: 5, tensors: 2 },
    { group: "h.10", norm: Number.NaN, elements: 2, tensors: 1 },
  ]);
});

test("brackets and slashes in a name are points", () => {
  expect(normalizeName(`a[0]["b"]['c']/d.e`)).toBe("a.0.b.c.d.e");
});

test("a name of a megabyte of brackets is judged at once", () => {
  expect(plainName("[".repeat(1_000_000))).toHaveLength(1_000_000);
});
