import type { SeriesKey } from "#core/series.ts";

const GRADIENT = "grad(?:ient)?s?";

/** Keys that name a tensor, which is what the group holds. Case and hyphens are free; `train/` and the like may precede. */
const TENSOR_PATTERNS: readonly RegExp[] = [
  `^(?:.*?/)?${GRADIENT}[_ -]?norms?[/.:](.+)$`, // grad_norm/<tensor>
  `^(?:.*?/)?${GRADIENT}[_ -]2(?:\\.0)?[_ -]norm[/_](.+)$`, // grad_2.0_norm/<tensor>, of Lightning
  `^(?:.*?/)?l2[_ -]norm/grad/(.+)$`, // of Composer
  `^(?:.*?/)?${GRADIENT}/norm/(.+)$`, // of levanter
  `^(?:.*?/)?${GRADIENT}/(.+?)[._/ -]norm$`, // gradients/<module>_norm, grad/<tensor>.norm
  `^(?:.*?/)?gradients/(.+)$`,
  `^(.*(?:weight|bias|kernel|embedding))[./_]${GRADIENT}[._/ -]norm$`,
  `^(?:.*?/)?${GRADIENT}[_-]norm[_-](.*(?:\\.|weight|bias|kernel).*)$`,
].map((pattern) => new RegExp(pattern, "is"));

/** A part of the model by a bare word: encoder_grad_norm. */
const MODULE_PATTERN = new RegExp(`^(?:.*/)?([^/]+?)_${GRADIENT}_norm$`, "i");

const WHOLE_MODEL =
  /^(?:(?:total|global|overall|all|full|model|train|batch|epoch|raw|l2)(?:_norm)?|norm|grad(?:ient)?s?)$/i;
/** Models of one training with an optimizer each: their norms are global ones, as `actor/grad_norm` is. */
const TRAINED_APART = /^(?:actor|critic|generator|discriminator|gen|disc)$/i;
/** The same with the model behind, where VITS and others have one letter for it: grad_norm_d. */
const APART_PATTERN = new RegExp(
  `^(?:.*/)?${GRADIENT}[_ -]?norm[_ -](?:actor|critic|generator|discriminator|gen|disc|g|d)$`,
  "i",
);
const CLIPPING = /^(?:(?:un)?clipped|(?:pre|post|before|after)_?clip(?:ping|ped)?)$/i;
const STATISTIC =
  /(?:^|[._/ -])(?:max|min|mean|avg|average|std|var|variance|median|sum|ratio|count|size|hist|histogram|sparsity|nan|inf|zeros|rate|frac|fraction|percent|clip|clip(?:ped)?[_-]\w+|p\d+|q\d+|l1|linf|entropy|ema)$/i;

/** Tags of histograms over a tensor's gradient. A scalar of such a name may be any statistic of it. */
const GRADIENT_HISTOGRAMS: readonly RegExp[] = [
  `^(?:.*?/)?${GRADIENT}(?:[_-]?hist(?:ogram)?s?)?[/.:](?:hist(?:ogram)?s?/)?(.+)$`, // gradients/<tensor>, grad/hist/<tensor>
  `^(.+?)[./_-]${GRADIENT}(?:[_-]?hist(?:ogram)?s?)?$`, // <tensor>.grad, <tensor>/grad
].map((pattern) => new RegExp(pattern, "is"));
const WEIGHT_HISTOGRAMS: readonly RegExp[] = [
  /^(?:.*?\/)?(?:weights?|param(?:eter)?s?)(?:[_-]?hist(?:ogram)?s?)?[/.:].+$/i,
  /(?:^|[./_])(?:weight|bias|kernel|embeddings?|gamma|beta)(?:[_:]0)?$/i,
];

/** What the L2 norm of a histogram's values is. */
export function histogramNorm(tag: string): Pick<SeriesKey, "kind" | "tensor"> {
  for (const pattern of GRADIENT_HISTOGRAMS) {
    const named = pattern.exec(tag)?.[1];
    if (named !== undefined) {
      // A histogram of norms is none of gradients.
      return /(?:^|[./_ -])norms?$/i.test(named)
        ? { kind: "other", tensor: null }
        : kindOf(named.replace(/[./]grad$/, ""));
    }
  }
  const isWeights = WEIGHT_HISTOGRAMS.some((pattern) => pattern.test(tag));
  return { kind: isWeights ? "weightNorm" : "other", tensor: null };
}

/** The kind and tensor of a key that spells a norm per tensor; null when it does not. */
export function tensorNormName(key: string): Pick<SeriesKey, "kind" | "tensor"> | null {
  for (const pattern of TENSOR_PATTERNS) {
    const named = pattern.exec(key)?.[1];
    if (named !== undefined) {
      return kindOf(named.replace(/[./]grad$/, ""));
    }
  }
  if (APART_PATTERN.test(key)) {
    return { kind: "globalNorm", tensor: null };
  }
  const module = MODULE_PATTERN.exec(key)?.[1];
  if (module === undefined || WHOLE_MODEL.test(lastWord(module)) || isClipping(module)) {
    return null;
  }
  return TRAINED_APART.test(lastWord(module)) ? { kind: "globalNorm", tensor: null } : kindOf(module);
}

function kindOf(named: string): Pick<SeriesKey, "kind" | "tensor"> {
  if (WHOLE_MODEL.test(named) || CLIPPING.test(named)) {
    return { kind: "globalNorm", tensor: null };
  }
  return STATISTIC.test(named) ? { kind: "other", tensor: null } : { kind: "tensorNorm", tensor: named };
}

/** `train_total_grad_norm` speaks of the whole model as its last word does. */
function lastWord(module: string): string {
  return module.slice(module.lastIndexOf("_") + 1);
}

function isClipping(module: string): boolean {
  return CLIPPING.test(module) || /(?:^|_)(?:(?:un)?clipped|(?:pre|post)_?clip(?:ping|ped)?)$/i.test(module);
}
