import type { LogFormat } from "#core/log.ts";
import type { SeriesKey, SeriesKind } from "#core/series.ts";
import { histogramNorm, tensorNormName } from "./tensorNames.ts";
import { thresholdKeyOf } from "../settings/thresholds.ts";

// Wrapped models give names of some 200 characters. Patterns over a name of a megabyte would take minutes.
const MAX_NAME_LENGTH = 1000;

/** What a logged key means. Thresholds, percentages and norms of weights are `other`, however much they look alike. */
export function classify(name: string, format?: LogFormat): SeriesKey {
  const plain = name.replace(/ \(rank \d+\)$/, "");
  const kind = format === undefined ? undefined : KINDS_IN_FORMAT[format]?.get(plain);
  return kind === undefined
    ? { ...classifyAlone(plain), name, ...axisOf(plain, format) }
    : { kind, name, tensor: null };
}

/**
 * DeepSpeed's monitor counts samples, and Megatron logs copies of its series over what it has consumed. Keras writes
 * `epoch_loss` at the number of the epoch, and `batch_loss` at the step.
 */
function axisOf(name: string, format?: LogFormat): Pick<SeriesKey, "axis"> {
  if (format === "tensorBoard" && name.startsWith("epoch_")) {
    return { axis: "epochs" };
  }
  if (/^Train\/Samples\/| vs samples$/.test(name)) {
    return { axis: "samples" };
  }
  return name.endsWith(" vs tokens") ? { axis: "tokens" } : {};
}

/** Words that mean this in the logs of one kind of trainer only. */
const KINDS_IN_FORMAT: Partial<Record<LogFormat, ReadonlyMap<string, SeriesKind>>> = {
  pipeLines: new Map([["norm", "globalNorm"]]),
  keyValueLines: new Map([
    ["norm", "globalNorm"],
    ["Norm", "globalNorm"],
  ]),
  fairseq: new Map([
    ["clip", "clippedShare"],
    ["train_clip", "clippedShare"],
    ["train/clip", "clippedShare"],
  ]),
  espnet: new Map([["clip", "clippedShare"]]),
};

function classifyAlone(name: string): SeriesKey {
  const key = name.length > MAX_NAME_LENGTH ? null : withoutLightningSuffix(name);
  if (key === null || thresholdKeyOf(name) === "always") {
    return { kind: "other", name, tensor: null };
  }
  const norm = tensorNormName(key);
  if (norm !== null) {
    return { ...norm, name };
  }
  return { kind: plainKind(key.toLowerCase().replaceAll(/[ -]/g, "_")), name, tensor: null };
}

/** What the norm of a histogram's values means: a tensor's gradient, its weights, or something else. */
export function classifyHistogram(name: string): SeriesKey {
  return name.length > MAX_NAME_LENGTH ? { kind: "other", name, tensor: null } : { ...histogramNorm(name), name };
}

/** Lightning adds `_step` to the value of the step and `_epoch` to a norm's mean over an epoch, which is no norm. */
function withoutLightningSuffix(name: string): string | null {
  if (/norm.*_epoch$/i.test(name)) {
    return null;
  }
  return /(?:norm|loss).*_step$/i.test(name) ? name.slice(0, -"_step".length) : name;
}

// Written over lower-case keys whose spaces and hyphens are `_`; a prefix up to `/` names who logged it.
const BEFORE = String.raw`(?:batch_|epoch_|raw_|total_|global_|train_|l2_|overall_|(?:un)?clipped_|pre_?clip_|post_?clip_)*`;
const GRADIENT_NORM = String.raw`(?:grad(?:ient)?s?(?:_|\._?)?(?:global_|total_|l2_|2(?:\.0)?_)?norm|(?:grad_)?g_?norm|grads?_l2|l2_grads?)`;
const AFTER = String.raw`(?:_(?:total|global|l2|raw|(?:un)?clipped|(?:pre|post|before|after)_?clip(?:ping|ped)?))*`;

const PLAIN_KINDS: readonly { readonly kind: SeriesKind; readonly pattern: RegExp }[] = [
  { kind: "globalNorm", pattern: new RegExp(`^(?:.*/)?${BEFORE}${GRADIENT_NORM}${AFTER}$`) },
  // RLlib's `gradients_default_optimizer_global_norm`.
  { kind: "globalNorm", pattern: /^(?:.*\/)?gradients_\w+_global_norm$/ },
  { kind: "globalNorm", pattern: /^(?:.*\/)?(?:global_norm|total_norm|grad(?:ient)?s?\/(?:global_|total_)?norm)$/ },
  { kind: "lossScale", pattern: /^(?:.*\/)?(?:loss_scaler?|grad_scaler?|amp_scale|scaler_scale|scaler\/scale)$/ },
  { kind: "loss", pattern: /^(?:.*\/)?(?:.*_)?loss(?:_epoch)?$/ },
  { kind: "loss", pattern: /^(?:.*\/)?loss\/(?:(?:train\/)?total|train(?:ing)?|val(?:id|idation)?|eval|test)$/ },
  {
    kind: "learningRate",
    pattern:
      /^(?:.*\/)?(?:(?:train_|current_|epoch_)?(?:lr|learning_rate)(?:\/(?:group_?|pg)?\d+)?|optim\d+_lr\d+|lr_(?:\d+|(?:adam|sgd|rmsprop|adagrad|lion|muon)[a-z]*(?:_\d+)?|\w+\/(?:pg|group)\d+|\(?group_\d+\)?))$/,
  },
  { kind: "nanSteps", pattern: /^(?:.*\/)?(?:number_of_|num_)?nan_(?:iterations|steps)$/ },
  { kind: "weightNorm", pattern: /^(?:.*\/)?(?:params?|parameters?|weights?)_norm$/ },
  { kind: "clippedShare", pattern: /^(?:.*\/)?(?:grad_)?(?:clipping_rate|clipped_share|clip_fraction)$/ },
  { kind: "skippedSteps", pattern: /^(?:.*\/)?(?:(?:num_|number_of_)?skipped(?:_\w+)?|steps?_skipped)$/ },
];

function plainKind(key: string): SeriesKind {
  return PLAIN_KINDS.find(({ pattern }) => pattern.test(key))?.kind ?? "other";
}
