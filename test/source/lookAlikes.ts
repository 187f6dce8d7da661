/** A source and positions in it that name no tensor: a piece of the source that occurs once, `‸` before the character pointed at. */
export interface LookAlikes {
  readonly file: string;
  readonly positions: string;
}

export const LOOK_ALIKES: readonly LookAlikes[] = [
  {
    file: "lookAlikeTraining.py",
    positions: `
      Prints transformer.h.0.attn.c_attn.‸weight and
      Prints ‸transformer.h.0
      torch.nn.utils.clip_grad_norm_(‸model.parameters(), 1.0).
      self.lm_head.‸weight\\n    max
      self.‸lm_head.weight\\n    max
      import ‸clip
      import ‸transformers
      from torch import ‸nn
      from ‸model import
      import ‸layers, transformer
      import layers, ‸transformer
      NOTE = "model.‸lm_head.weight
      tied to transformer.‸wte.weight"
      ‸WEIGHTS = {
      {"lm_head.‸weight": 0.1
      "‸bias": 0.0
      "‸weight": 2}
      Keeps lm_head.‸weight; see
      see self.‸encoder.stem.gain
      self.encoder.stem.‸gain and
      ‸weight: float
      ‸bias: float
      self.‸options = options\\n        self.weight
      self.‸weight = options.weight
      self.weight = options.‸weight
      self.‸bias = options.bias\\n        self.head
      self.bias = options.‸bias\\n        self.head
      self.‸head = options.head
      self.head = options.‸head
      self.‸output = open
      open("out.‸txt")
      self.‸norm = options.norm
      self.norm = options.‸norm
      self.‸layers = options.layers
      self.layers = options.‸layers
      self.‸criterion = nn
      CrossEntropyLoss(‸weight=
      weight=options.‸weight)
      self.‸clip_length
      options.‸clip\\n
      # self.lm_head.‸weight,
      weight, model.‸lm_head.weight:
      weight, model.lm_head.‸weight:
      print(self.‸weight, self.bias
      print(self.weight, self.‸bias, self.options
      self.options.‸weight, self.norm)
      self.options.weight, self.‸norm)
      print(self.‸head.bias, self.layers
      print(self.head.‸bias, self.layers
      self.head.bias, self.‸layers,
      self.‸output.name
      self.output.‸name
      self.options.‸bias)\\n        print("lm
      print("lm_‸head.weight",
      'transformer.‸wte.weight',
      f"{self.‸weight} head
      head.‸proj.weight")
      ValueError("layers.0.‸attention
      attention.wq.‸weight has no
      self.‸kernel = rows
      self.‸scale = 1.0
      self.‸embedding = rows
      self.‸stem = rows.stem
      rows.‸stem\\n
      row = self.‸kernel[index]
      {"‸weight": row
      row["‸weight"], "bias"
      "‸bias": row["bias"]
      row["‸bias"], "kernel"
      "‸kernel": self.scale
      self.‸scale, "stem"
      "‸stem": self.stem}
      self.‸stem}
      self.‸options = options\\n        self.width
      self.‸width = options.width
      self.width = options.‸width
      self.‸temperature_source
      self.‸training_steps = 0
      if self.‸training:
      self.‸training_steps += 1
      x * self.‸width +
      self.‸options.bias * x
      self.options.‸bias * x
      * x.‸weight\\n
      scores(values, ‸weight, bias
      weight, ‸bias, kernel, scale
      bias, ‸kernel, scale
      total = ‸weight * values
      values + ‸bias
      np.‸clip(values
      -weight, ‸weight)
      torch.‸clip(total
      max=‸scale)
      return ‸kernel.weight
      return kernel.‸weight
      frame["‸weight"] = frame
      frame["‸height"]
      frame["‸kernel"]
      row["‸head"]["bias"] =
      row["head"]["‸bias"] =
      = row["‸stem"]["scale"]
      = row["stem"]["‸scale"]
      ‸edge.weight +=
      edge.‸weight += graph
      graph.‸edges[0].weight
      graph.edges[0].‸weight
      graph.nodes["‸wte"].weight
      graph.nodes["wte"].‸weight
      edge.attributes["‸lm_head"]
      return frame.‸weight.mean()
      row.‸bias, edge
      edge.‸data.weight
      edge.data.‸weight
      graph.‸h[0].mlp
      graph.h[0].‸mlp
      ‸network, preprocess = clip
      clip.‸load("ViT
      ‸encoder = clip.Clipper
      video = encoder.‸clip(0, 10)
      ‸embedding = nn.Embedding
      nn.‸Embedding(10
      3, ‸max_norm=1.0
      image.clip((0, 0, 10, 10)).‸weight
      preprocess.‸transforms[0].scale
      preprocess.transforms[0].‸scale
      scheduler.‸step()\\n        observation
      env.‸step(0)
      for name, ‸p in model.named_parameters()]
      in model.‸named_parameters()]\\n    sizes
      p.‸numel() for
      p.‸ndim >= 2
      model.‸config.weight
      model.config.‸weight
      model.‸training, model.dtype
      model.‸dtype
      model.‸device
      model.‸name)
      model.‸parameters, model
      model.‸state_dict, model
      model.‸eval()
      model.‸weight_decay)
      optimizer.‸param_groups[0]["lr"]
      param_groups[0]["‸lr"]
      param_groups[0]["‸weight_decay"]
      transformers.‸models.bert
      transformers.models.bert.‸weight
      transformer.‸wte.weight, layers
      transformer.wte.‸weight, layers
      layers[0].‸attention.wq.weight)
      layers[0].attention.‸wq.weight)
      layers[0].attention.wq.‸weight)
      optimizer.state["‸exp_avg"]
      ‸names[0], sizes
      sizes["‸total"]
      decay[0].‸grad
      model.‸num_parameters()
      model.‸generate(
      model.‸hf_device_map["cpu"]
      model.hf_device_map["‸cpu"]
    `,
  },
  {
    file: "lookAlikeShop.py",
    positions: `
      here trains anything. parcel.‸weight and
      and model.‸weight are
      getLogger("shop.parcel.‸weight")
      ‸weight = models.FloatField
      weight = models.‸FloatField
      ‸bias = models.CharField
      ‸scale = models.ForeignKey
      f"{self.‸weight} kg
      {self.‸scale.bias}
      {self.scale.‸bias}
      return self.‸weight > other
      > other.‸weight
      def __init__(self, maker, ‸kernel)
      self.‸maker = maker
      self.‸kernel = kernel
      self.‸weight = 0.0
      self.‸weight = parcel.weight
      self.weight = parcel.‸weight
      self.‸maker.model.serial
      self.maker.‸model.serial
      self.maker.model.‸serial
      self.‸kernel.version
      self.kernel.‸version
      ‸weight = 400
      self.‸weight = 700
      self.‸family.weight
      self.family.‸weight
      self.‸layers = []
      self.‸head = None
      self.‸norm = "A4"
      self.‸layers.append(box)
      self.‸head = box.head
      self.head = box.‸head
      return self.‸layers[0].weight
      return self.layers[0].‸weight
      weight, self.‸head.bias
      weight, self.head.‸bias
      sum(p.‸weight for p in
      max(parcels, key=lambda parcel: parcel.‸weight)
      min(parcels, key=lambda parcel: parcel.‸weight)
      {"‸weight": total
      "‸head": heaviest
      heaviest.‸scale,
      "‸kernel": settings
      settings["‸kernel"]
      "‸bias": None
      log.info("‸weight %s"
      payload["‸weight"])
      customer.‸output.weight
      customer.output.‸weight
      GET.get("‸weight")
      == "‸transformer":
      customer.‸norm.weight =
      customer.norm.‸weight =
      POST["‸lm_head"]
      in settings.‸layers:
      print(layer.‸name
      layer.name, layer.‸weight
      layer.weight, layer.‸norm)
      print(index, box.‸weight
      box.‸lid.bias
      box.lid.‸bias
      return payload["‸bias"]
      lightest.‸weight, settings
      settings["‸output"]["weight"]
      settings["output"]["‸weight"]
      text.font.‸weight =
      text.‸layout.head.scale
      text.layout.‸head.scale
      text.layout.head.‸scale
      canvas.path.‸stem.gain
      canvas.path.stem.‸gain
      canvas.‸encoder.name
      canvas.encoder.‸name
      text.‸kernel, canvas
    `,
  },
];
