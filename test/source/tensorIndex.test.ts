import { describe, expect, test } from "vitest";
import { parseDocument } from "#source/document.ts";
import type { SourceLanguage } from "#source/document.ts";
import { tensorAt } from "#source/tensors/tensorAt.ts";
import { createTensorIndex } from "#source/tensors/tensorIndex.ts";
import { tensorsAt } from "./positions.ts";

/** What the text, pointed at before the `‸`, means in a run of these tensors. */
function meaningOf(text: string, tensors: readonly string[], language: SourceLanguage = "python"): readonly string[] {
  return tensorsAt(parseDocument(language, text.replace("‸", "")), createTensorIndex(tensors), text.indexOf("‸"));
}

describe("wrappers put words into names that sources do not write", () => {
  test.each([
    "module.h.0.attn.weight",
    "_orig_mod.module.h.0.attn.weight",
    "_fsdp_wrapped_module.h.0._fsdp_wrapped_module.attn.weight",
    "_forward_module.h.0.attn.weight",
    "base_model.model.h.0.attn.weight",
    "base_model.model.h.0.attn.base_layer.weight",
    "h.0._checkpoint_wrapped_module.attn.weight",
    "h.0.attn.weight.grad",
    "params/h/0/attn/weight",
    "h/0/attn/weight:0",
    "h_0/attn/weight",
    "params.h_0.attn.weight",
    "transformer.h.0.attn.weight",
    "net.transformer.h.0.attn.weight",
  ])("model.h[0].attn.weight means %s", (name) => {
    expect(meaningOf("model.h[0].attn.‸weight", [name, "h.1.attn.weight", "h.0.mlp.weight"])).toEqual([name]);
  });

  test("and sources write words that names do not have", () => {
    const source = "model.module._orig_mod.h[0].attn.‸weight";
    expect(meaningOf(source, ["h.0.attn.weight"])).toEqual(["h.0.attn.weight"]);
  });

  test("LoRA's factors are told from the layer that they change", () => {
    const layer = "base_model.model.q_proj.base_layer.weight";
    const factor = "base_model.model.q_proj.lora_A.default.weight";
    expect(meaningOf("model.q_proj.‸weight", [layer, factor])).toEqual([layer]);
    expect(meaningOf("model.q_proj.lora_A.default.‸weight", [layer, factor])).toEqual([factor]);
    expect(meaningOf("model.‸q_proj(x)", [layer, factor])).toEqual([layer, factor]);
  });
});

describe("the most precise meaning wins", () => {
  test.each<[string, readonly string[], readonly string[]]>([
    ["model.head.‸weight", ["head.weight", "aux.head.weight"], ["head.weight"]],
    ["model.head.‸weight", ["model.head.weight", "head.weight"], ["model.head.weight"]],
    [
      "model.block.head.‸weight",
      ["a.block.head.weight", "b.block.head.weight"],
      ["a.block.head.weight", "b.block.head.weight"],
    ],
    ["model.head.‸weight", ["a.head.bias"], []],
    ["model.weight‸s", ["head.weight"], []],
    ["model.h[i].attn.‸weight", ["h.0.attn.weight", "h.1.attn.weight"], ["h.0.attn.weight", "h.1.attn.weight"]],
    ["model.h[1].attn.‸weight", ["h.0.attn.weight", "h.1.attn.weight"], ["h.1.attn.weight"]],
    ["model.h[10].attn.‸weight", ["h.1.attn.weight", "h.0.attn.weight"], []],
    ["model.‸fc.weight.norm()", ["fc.weight", "fc.bias"], ["fc.weight"]],
    ["model.fc.weight.‸norm()", ["fc.weight"], []],
    ["model.‸fc.reset_parameters()", ["fc.weight", "fc.bias"], ["fc.bias", "fc.weight"]],
    ["model.fc.‸reset_parameters()", ["fc.weight", "fc.bias"], []],
  ])("%s among %s", (source, tensors, meant) => {
    expect(meaningOf(source, tensors)).toEqual(meant);
  });
});

describe("names in logs, tables and settings", () => {
  const TENSORS = ["h.0.attn.c_attn.weight", "h.1.attn.c_attn.weight", "embedding", "blocks/0/kernel"];
  const meant = ["h.0.attn.c_attn.weight"];

  test.each<[SourceLanguage, string, readonly string[]]>([
    ["json", '{"grad_norm/h.0.attn.‸c_attn.weight": 0.5}', meant],
    ["text", '{"step": 3, "gradients/h.0.attn.c_attn.weight‸": 0.5}', meant],
    ["text", "step,grad_norm/h.‸0.attn.c_attn.weight,loss", meant],
    ["text", "step 5 | transformer.h.0.attn.c_‸attn.weight 0.5", meant],
    ["text", "grad_2.0_norm/h.0.attn.‸c_attn.weight: 0.5", meant],
    ["text", "h.0.attn.c_attn.‸weight.grad.norm = 0.5", meant],
    ["text", "grad_norm/‸embedding 0.1", ["embedding"]],
    ["text", "grad_norm/blocks/‸0/kernel 0.1", ["blocks/0/kernel"]],
    ["yaml", "frozen:\n  - h.0.attn.‸c_attn.weight\n", meant],
    ["toml", 'frozen = ["h.0.attn.‸c_attn.weight"]\n', meant],
    ["toml", "# h.0.attn.‸c_attn.weight\n", []],
    ["yaml", "x: 1 # h.0.attn.‸c_attn.weight\n", []],
    ["text", "word/‸embedding 0.1", []],
    ["text", "the ‸embedding is large", []],
    ["text", "https://example.org/‸embedding", []],
    ["text", "loss 0.‸5 at 1.2.3", []],
    ["json", '{"weight": 1, "name‸": "h"}', []],
  ])("%s: %s", (language, text, names) => {
    expect(meaningOf(text, TENSORS, language)).toEqual(names);
  });
});

test.each([
  ["model.fc.weight.gr‸ad", true],
  ["model.fc.wei‸ght.grad.norm()", true],
  ["model.fc.wei‸ght", false],
  ["model.fc.wei‸ght.data", false],
])("whether %s is a gradient: %s", (source, isGradient) => {
  const document = parseDocument("python", source.replace("‸", ""));
  expect(tensorAt(document, source.indexOf("‸"))?.isGradient).toBe(isGradient);
});

describe("a class that stands alone in its file", () => {
  const source = [
    "class Attention(nn.Module):",
    "    def __init__(self, width):",
    "        self.qkv = nn.Linear(width, 3 * width)",
    "        self.proj = nn.Linear(width, width)",
    "        self.drop = nn.Dropout(0.1)",
    "    def forward(self, x):",
    "        return self.pr‸oj(self.drop(self.qkv(x)))",
  ].join("\n");

  test("is where its members are siblings", () => {
    const names = ["blocks.0.attn.proj.weight", "blocks.0.attn.qkv.weight", "head.proj.weight", "head.out.weight"];
    expect(meaningOf(source, names)).toEqual(["blocks.0.attn.proj.weight"]);
  });

  test("is not in a run without any of them", () => {
    expect(meaningOf(source, ["head.proj.weight", "head.out.weight", "head.drop.weight"])).toEqual([]);
  });

  test("may be the whole model", () => {
    expect(meaningOf(source, ["proj.weight", "qkv.weight"])).toEqual(["proj.weight"]);
  });
});
