/** A source, the tensors of the run that it belongs to, and positions in it with what they name, each written by hand. */
export interface NamePositions {
  readonly file: string;
  readonly tensors: readonly string[];
  /**
   * One position a line: a piece of the source that occurs once, `‸` before the character pointed at, and behind `=>` the
   * names meant; `*` is one segment, `**` any.
   */
  readonly positions: string;
}

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

export const NAME_POSITIONS: readonly NamePositions[] = [
  {
    file: "characterModel.py",
    tensors: CHARACTER_TENSORS,
    positions: `
      self.‸weight = nn.Parameter(torch.ones => transformer.h.*.ln_*.weight transformer.ln_f.weight
      self.‸bias = nn.Parameter(torch.zeros => transformer.h.*.ln_*.bias transformer.ln_f.bias
      F.layer_norm(x, self.‸weight.shape => transformer.h.*.ln_*.weight transformer.ln_f.weight
      self.weight.shape, self.‸weight, => transformer.h.*.ln_*.weight transformer.ln_f.weight
      self.weight, self.‸bias, 1e-5 => transformer.h.*.ln_*.bias transformer.ln_f.bias
      self.c‸_attn = nn.Linear => transformer.h.*.attn.c_attn.*
      self.‸c_proj = nn.Linear(config.width, config.width => transformer.h.*.attn.c_proj.*
      q, k, v = self.‸c_attn(x) => transformer.h.*.attn.c_attn.*
      q, k, v = self.c_attn‸(x) => transformer.h.*.attn.c_attn.*
      return self.c_pr‸oj(F.softmax => transformer.h.*.attn.c_proj.*
      self.‸c_fc = nn.Linear => transformer.h.*.mlp.c_fc.*
      self.‸c_proj = nn.Linear(4 * => transformer.h.*.mlp.c_proj.*
      return self.‸c_proj(self.gelu => transformer.h.*.mlp.c_proj.*
      self.gelu(self.‸c_fc(x)) => transformer.h.*.mlp.c_fc.*
      self.‸ln_1 = ScaleNorm => transformer.h.*.ln_1.*
      self.‸attn = SelfAttention => transformer.h.*.attn.**
      self.‸ln_2 = ScaleNorm => transformer.h.*.ln_2.*
      self.‸mlp = FeedForward => transformer.h.*.mlp.**
      x = x + self.‸attn(self.ln_1(x)) => transformer.h.*.attn.**
      x = x + self.attn(self.‸ln_1(x)) => transformer.h.*.ln_1.*
      return x + self.‸mlp(self.ln_2(x)) => transformer.h.*.mlp.**
      return x + self.mlp(self.ln‸_2(x)) => transformer.h.*.ln_2.*
      self.‸transformer = nn.ModuleDict => transformer.**
      ‸wte=nn.Embedding => transformer.wte.weight
      ‸wpe=nn.Embedding => transformer.wpe.weight
      ‸h=nn.ModuleList => transformer.h.**
      ln‸_f=ScaleNorm => transformer.ln_f.*
      self.‸lm_head = nn.Linear => lm_head.weight
      self.transformer.‸wte.weight = self => transformer.wte.weight
      self.transformer.wte.‸weight = self => transformer.wte.weight
      wte.weight = self.‸lm_head.weight => lm_head.weight
      wte.weight = self.lm_head.‸weight => lm_head.weight
      name.endswith("c_‸proj.weight") => transformer.h.*.attn.c_proj.weight transformer.h.*.mlp.c_proj.weight
      total - self.transformer.‸wpe.weight.numel() => transformer.wpe.weight
      total - self.transformer.wpe.‸weight.numel() => transformer.wpe.weight
      self.transformer.drop(self.transformer.‸wte(tokens) => transformer.wte.weight
      + self.transformer.‸wpe(positions) => transformer.wpe.weight
      for block in self.transformer.‸h:\\n            x = block(x) => transformer.h.**
      x = self.transformer.‸ln_f(x) => transformer.ln_f.*
      return self.‸lm_head(x[ => lm_head.weight
      self.transformer.wpe.‸weight = nn.Parameter(self => transformer.wpe.weight
      nn.Parameter(self.transformer.‸wpe.weight[:length]) => transformer.wpe.weight
      nn.Parameter(self.transformer.wpe.‸weight[:length]) => transformer.wpe.weight
      first = self.transformer.‸h[0] => transformer.h.0.**
      "first", first.‸attn.c_attn.weight.grad => transformer.h.0.attn.c_attn.weight
      "first", first.attn.‸c_attn.weight.grad => transformer.h.0.attn.c_attn.weight
      "first", first.attn.c_attn.‸weight.grad => transformer.h.0.attn.c_attn.weight
      "first", first.attn.c_attn.weight.‸grad => transformer.h.0.attn.c_attn.weight
      enumerate(self.transformer.‸h) => transformer.h.**
      print(i, layer.‸mlp.c_fc.weight.grad => transformer.h.*.mlp.c_fc.weight
      print(i, layer.mlp.c_fc.‸weight.grad => transformer.h.*.mlp.c_fc.weight
      print(i, layer.mlp.c_fc.weight.‸grad => transformer.h.*.mlp.c_fc.weight
      layer.‸ln_2.bias.grad => transformer.h.*.ln_2.bias
      layer.ln_2.‸bias.grad => transformer.h.*.ln_2.bias
      [b.‸mlp.c_proj.weight.grad for => transformer.h.*.mlp.c_proj.weight
      [b.mlp.c_proj.‸weight.grad for => transformer.h.*.mlp.c_proj.weight
      for b in self.transformer.‸h] => transformer.h.**
      if "lm_‸head.weight" in sd => lm_head.weight
      head = sd["lm_‸head.weight"] => lm_head.weight
      sd["transformer.‸wte.weight"].copy_ => transformer.wte.weight
      print(model.‸transformer.h[3].attn.c_attn => transformer.h.3.attn.c_attn.weight
      print(model.transformer.‸h[3].attn.c_attn => transformer.h.3.attn.c_attn.weight
      print(model.transformer.h[‸3].attn.c_attn => transformer.h.3.attn.c_attn.weight
      print(model.transformer.h[3].‸attn.c_attn => transformer.h.3.attn.c_attn.weight
      h[3].attn.c_attn.‸weight.grad => transformer.h.3.attn.c_attn.weight
      h[3].attn.c_attn.weight.‸grad.norm => transformer.h.3.attn.c_attn.weight
      print(raw_model.‸transformer.h[step => transformer.h.*.mlp.c_fc.bias
      % 4].mlp.‸c_fc.bias => transformer.h.*.mlp.c_fc.bias
      % 4].mlp.c_fc.‸bias => transformer.h.*.mlp.c_fc.bias
      print(model.‸lm_head.weight.data => lm_head.weight
      print(model.lm_head.‸weight.data => lm_head.weight
      print(model.lm_head.weight.‸data => lm_head.weight
      model.transformer.‸ln_f.weight.grad) => transformer.ln_f.weight
      model.transformer.ln_f.‸weight.grad) => transformer.ln_f.weight
      get_parameter("transformer.‸h.1 => transformer.h.1.ln_1.weight
      get_parameter("transformer.h.1.ln_1.weight").‸grad => transformer.h.1.ln_1.weight
      get_submodule("transformer.‸h.2") => transformer.h.2.attn.c_proj.bias
      get_submodule("transformer.h.2").attn.‸c_proj.bias => transformer.h.2.attn.c_proj.bias
      get_submodule("transformer.h.2").attn.c_proj.‸bias => transformer.h.2.attn.c_proj.bias
      named_parameters())["transformer.‸wpe.weight"] => transformer.wpe.weight
    `,
  },
  {
    file: "fineTuning.py",
    tensors: FINE_TUNING_TENSORS,
    positions: `
      first = model.‸model.layers[0] => model.layers.0.self_attn.q_proj.weight
      first = model.model.‸layers[0] => model.layers.0.self_attn.q_proj.weight
      layers[0].self_attn.‸q_proj.weight.grad => model.layers.0.self_attn.q_proj.weight
      layers[0].self_attn.q_proj.‸weight.grad => model.layers.0.self_attn.q_proj.weight
      layers[0].self_attn.q_proj.weight.‸grad => model.layers.0.self_attn.q_proj.weight
      last = model.model.‸layers[-1] => model.layers.*.mlp.down_proj.weight
      mlp.‸down_proj.weight.grad.norm => model.layers.*.mlp.down_proj.weight
      mlp.down_proj.‸weight.grad.norm => model.layers.*.mlp.down_proj.weight
      last, model.‸lm_head.weight.grad => lm_head.weight
      last, model.lm_head.‸weight.grad => lm_head.weight
      name == "model.‸embed_tokens.weight" => model.embed_tokens.weight
      in ("model.‸norm.weight", => model.norm.weight
      "lm_‸head.weight"): => lm_head.weight
      for layer in model.model.‸layers: => model.layers.**
      print(layer.‸input_layernorm.weight => model.layers.*.input_layernorm.weight
      print(layer.input_layernorm.‸weight => model.layers.*.input_layernorm.weight
      layer.mlp.‸gate_proj.weight => model.layers.*.mlp.gate_proj.weight
      layer.mlp.gate_proj.‸weight => model.layers.*.mlp.gate_proj.weight
      model.‸lm_head.weight.requires_grad => lm_head.weight
      model.lm_head.‸weight.requires_grad => lm_head.weight
      model.model.‸embed_tokens.weight.requires_grad_ => model.embed_tokens.weight
      model.model.embed_tokens.‸weight.requires_grad_ => model.embed_tokens.weight
      layers[index].self_attn.‸o_proj.weight => model.layers.*.self_attn.o_proj.weight
      layers[index].self_attn.o_proj.‸weight => model.layers.*.self_attn.o_proj.weight
      tied = weights["lm_‸head.weight"] => lm_head.weight
      is weights["model.‸embed_tokens.weight"] => model.embed_tokens.weight
      weights["model.layers.1.‸mlp => model.layers.1.mlp.up_proj.weight
      tied, up, base_model.model.‸norm.weight => model.norm.weight
      tied, up, base_model.model.norm.‸weight => model.norm.weight
      q_norm = unwrapped.model.‸layers[2] => model.layers.2.self_attn.q_proj.weight
      unwrapped.model.layers[2].self_attn.‸q_proj.weight => model.layers.2.self_attn.q_proj.weight
      unwrapped.model.layers[2].self_attn.q_proj.‸weight => model.layers.2.self_attn.q_proj.weight
      unwrap_model(model).model.‸layers[2] => model.layers.2.self_attn.k_proj.weight
      unwrap_model(model).model.layers[2].self_attn.‸k_proj => model.layers.2.self_attn.k_proj.weight
      attention = model.model.layers[3].‸self_attn => model.layers.3.self_attn.**
      print(attention.‸v_proj.weight.grad => model.layers.3.self_attn.v_proj.weight
      print(attention.v_proj.‸weight.grad => model.layers.3.self_attn.v_proj.weight
      attention.‸o_proj.weight.grad) => model.layers.3.self_attn.o_proj.weight
      attention.o_proj.weight.‸grad) => model.layers.3.self_attn.o_proj.weight
      unwrapped.model.layers[3].‸mlp => model.layers.3.mlp.**
    `,
  },
  {
    file: "segmenter.py",
    tensors: SEGMENTER_TENSORS,
    positions: `
      self.‸net = nn.Sequential => encoder.**.net.**
      self.‸gain = nn.Parameter => encoder.**.gain
      return self.‸net(x) => encoder.**.net.**
      self.net(x) * self.‸gain => encoder.**.gain
      self.‸stem = ConvBlock => encoder.stem.**
      self.‸stages = nn.ModuleList => encoder.stages.**
      self.‸stages.append => encoder.stages.**
      add_module("‸pool" => encoder.pool.*
      x = self.‸stem(x) => encoder.stem.**
      for stage in self.‸stages: => encoder.stages.**
      return self.‸pool(x) => encoder.pool.*
      self.‸encoder = Encoder => encoder.**
      self.‸head = nn.Sequential => head.**
      [("‸proj", nn.Linear => head.proj.*
      ("‸out", nn.Linear => head.out.*
      self.‸heads = nn.ModuleDict => heads.**
      {"‸mask": nn.Linear => heads.mask.*
      "‸edge": nn.Linear => heads.edge.*
      register_parameter("‸temperature" => temperature
      features = self.‸encoder(x) => encoder.**
      return self.‸heads["mask"](features) => heads.mask.*
      return self.heads["‸mask"](features) => heads.mask.*
      + self.‸head(features) => head.**
      * self.‸temperature => temperature
      self.‸encoder.stem.net[0].weight => encoder.stem.net.0.weight
      self.encoder.‸stem.net[0].weight => encoder.stem.net.0.weight
      self.encoder.stem.net[0].‸weight => encoder.stem.net.0.weight
      self.encoder.stem.net[0].weight.‸grad => encoder.stem.net.0.weight
      self.encoder.‸stages[1].gain => encoder.stages.1.gain
      self.encoder.stages[1].‸gain => encoder.stages.1.gain
      self.head.‸out.weight => head.out.weight
      self.head.out.‸weight => head.out.weight
      self.head.‸proj.bias => head.proj.bias
      self.head.proj.‸bias => head.proj.bias
      self.heads["‸edge"].weight.grad => heads.edge.weight
      self.heads["edge"].‸weight.grad => heads.edge.weight
      self.heads.‸mask.bias => heads.mask.bias
      self.heads.mask.‸bias => heads.mask.bias
      in self.encoder.‸stages.named_children => encoder.stages.**
      stage.‸net[1].weight => encoder.stages.*.net.1.weight
      stage.net[1].‸weight => encoder.stages.*.net.1.weight
      print(self.‸temperature.grad => temperature
      print(self.temperature.‸grad => temperature
      print(segmenter.encoder.‸stem.gain => encoder.stem.gain
      print(segmenter.encoder.stem.‸gain => encoder.stem.gain
      segmenter.‸head[0]) => head.**
    `,
  },
  {
    file: "parallelTrainer.py",
    tensors: PARALLEL_TENSORS,
    positions: `
      self.‸wq = nn.Linear => layers.*.attention.wq.weight
      self.‸wo = nn.Linear => layers.*.attention.wo.weight
      in (self.‸wq, self.wk, self.wv): => layers.*.attention.wq.weight
      in (self.wq, self.‸wk, self.wv): => layers.*.attention.wk.weight
      trunc_normal_(linear.‸weight => layers.*.attention.wq.weight layers.*.attention.wk.weight layers.*.attention.wv.weight
      trunc_normal_(self.‸wo.weight => layers.*.attention.wo.weight
      trunc_normal_(self.wo.‸weight => layers.*.attention.wo.weight
      xq, xk, xv = self.‸wq(x) => layers.*.attention.wq.weight
      self.wq(x), self.‸wk(x) => layers.*.attention.wk.weight
      return self.‸wo(xq => layers.*.attention.wo.weight
      self.‸w1 = nn.Linear => layers.*.feed_forward.w1.weight
      return self.‸w2(torch => layers.*.feed_forward.w2.weight
      silu(self.‸w1(x)) => layers.*.feed_forward.w1.weight
      * self.‸w3(x) => layers.*.feed_forward.w3.weight
      self.‸attention = Attention => layers.*.attention.**
      self.‸feed_forward = FeedForward => layers.*.feed_forward.**
      self.‸attention_norm = nn.RMSNorm => layers.*.attention_norm.weight
      self.‸ffn_norm = nn.RMSNorm => layers.*.ffn_norm.weight
      h = x + self.‸attention(self => layers.*.attention.**
      self.attention(self.‸attention_norm(x)) => layers.*.attention_norm.weight
      return h + self.‸feed_forward(self => layers.*.feed_forward.**
      self.feed_forward(self.‸ffn_norm(h)) => layers.*.ffn_norm.weight
      for norm in (self.‸attention_norm, => layers.*.attention_norm.weight
      self.‸attention.init_weights(0.02) => layers.*.attention.**
      self.‸tok_embeddings = nn.Embedding => tok_embeddings.weight
      self.‸layers = nn.ModuleDict() => layers.**
      self.‸layers[str(layer_id)] => layers.**
      self.‸norm = nn.RMSNorm => norm.weight
      self.‸output = nn.Linear => output.weight
      h = self.‸tok_embeddings(tokens) => tok_embeddings.weight
      return self.‸output(self.norm(h)) => output.weight
      self.output(self.‸norm(h)) => norm.weight
      in self.model.‸layers.items():\\n            fully => layers.**
      print(self.model.‸layers["3"] => layers.3.attention.wq.weight
      layers["‸3"].attention.wq => layers.3.attention.wq.weight
      layers["3"].attention.‸wq.weight => layers.3.attention.wq.weight
      layers["3"].attention.wq.‸weight => layers.3.attention.wq.weight
      layers["3"].attention.wq.weight.‸grad => layers.3.attention.wq.weight
      print(self.model.‸tok_embeddings.weight => tok_embeddings.weight
      self.model.tok_embeddings.‸weight.grad => tok_embeddings.weight
      self.model.‸output.weight.grad => output.weight
      print(block.‸feed_forward.w2.weight => layers.*.feed_forward.w2.weight
      block.feed_forward.w2.‸weight => layers.*.feed_forward.w2.weight
      block.‸attention_norm.weight.grad => layers.*.attention_norm.weight
      block.attention_norm.‸weight.grad => layers.*.attention_norm.weight
      q, o = self.model.layers["0"].attention.‸wq, => layers.0.attention.wq.weight
      wq, self.model.layers["0"].attention.‸wo => layers.0.attention.wo.weight
      print(q.‸weight.grad => layers.0.attention.wq.weight
      o.weight.‸grad, self.step => layers.0.attention.wo.weight
    `,
  },
  {
    file: "imageClassifier.py",
    tensors: CLASSIFIER_TENSORS,
    positions: `
      self.param("‸scale" => stem/scale
      x = nn.‸Conv(features=self.features, kernel_size=(3, 3))(x)\\n        x = nn.relu => stem/Conv_0/*
      * scale\\n        x = nn.‸Conv => stem/Conv_1/*
      name="‸norm" => stem/norm/*
      self.‸stem = Stem => stem/**
      self.‸blocks = [ => blocks_*/*
      self.‸head = nn.Dense => head/*
      x = self.‸stem(x) => stem/**
      in self.‸blocks: => blocks_*/*
      return self.‸head(x) => head/*
      grads["‸head"]["kernel"] => head/kernel
      grads["head"]["‸kernel"] => head/kernel
      grads["‸stem"]["Conv_0"] => stem/Conv_0/kernel
      grads["stem"]["‸Conv_0"]["kernel"] => stem/Conv_0/kernel
      grads["stem"]["Conv_0"]["‸kernel"] => stem/Conv_0/kernel
      grads["stem"]["‸scale"] => stem/scale
      state.params["‸stem"]["Conv_1"] => stem/Conv_1/bias
      state.params["stem"]["‸Conv_1"]["bias"] => stem/Conv_1/bias
      state.params["stem"]["Conv_1"]["‸bias"] => stem/Conv_1/bias
      state.params["blocks_0"]["‸kernel"] => blocks_0/kernel
      state.params["‸blocks_1"]["bias"] => blocks_1/bias
      variables["params"]["‸head"]["bias"] => head/bias
      variables["params"]["stem"]["‸norm"]["scale"] => stem/norm/scale
      variables["params"]["stem"]["norm"]["‸scale"] => stem/norm/scale
      bound = state.params["‸stem"] => stem/**
      bound["norm"]["‸bias"] => stem/norm/bias
    `,
  },
  {
    file: "wineQuality.py",
    tensors: WINE_TENSORS,
    positions: `
      self.‸first = layers.Dense => first/*:0
      name="‸first" => first/*:0
      self.‸second = layers.Dense => second/*:0
      name="‸second" => second/*:0
      self.‸second(self.first(inputs)) => second/*:0
      self.second(self.‸first(inputs)) => first/*:0
      name="‸hidden_1" => hidden_1/*:0
      name="‸hidden_2" => hidden_2/*:0
      name="‸quality" => quality/*:0
      get_layer("‸hidden_1").kernel => hidden_1/kernel:0
      get_layer("hidden_1").‸kernel => hidden_1/kernel:0
      get_layer("quality").‸bias => quality/bias:0
      get_layer("‸hidden_2").kernel => hidden_2/kernel:0
      get_layer("hidden_2").‸kernel => hidden_2/kernel:0
    `,
  },
];
