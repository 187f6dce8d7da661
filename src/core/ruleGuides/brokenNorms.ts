import type { RuleGuide } from "./guide.ts";

/** GN101 to GN105: the number in the log is no norm, or not quite. */
export const BROKEN_NORMS = {
  GN101: {
    test: "Any NaN or infinite value. The episode ends after 20 finite points. It is an error until then, and a warning afterwards. Once a finite value has followed it is a warning at once where the log itself says that every such step was skipped (skipped steps, NaN steps or a halved loss scale), and information where it lies within the first 20 points of a log. Of several global norms, as of actor and critic, all rules judge the first; the others are judged by this rule and the limits of `gradlens check` alone, and told by their name where the first one does not show the same.",
    why: "One bad element makes the global norm non-finite, and clipping then multiplies every gradient by NaN or by 0. Unless the step is skipped, the weights can be lost.",
    tries: [
      "Look at the tensors that the finding names, and at the batch of that step.",
      "Under fp16, compare with the loss scale: one skipped step now and then is normal.",
      "Go back to the last checkpoint before the first bad step; lower the learning rate, or clip.",
    ],
    harmless:
      "fp16 loss scaling searches its scale at the start and overflows on purpose, and tries a larger scale every 2000 steps with torch's defaults.",
  },
  GN102: {
    test: "With a loss scale above 1 in the log, after the first 100 points: more than 1 % of the last 1000 points overflowed, and more than ten did. Overflows are non-finite norms, skipped steps, NaN steps and halvings of the scale; where a point stands for several steps, their share counts.",
    why: "With torch's defaults a scale is raised every 2000 steps, so about one step in 2000 overflows. Many more mean that gradients need a wider range than fp16 has, and skipped steps are lost work.",
    tries: [
      "Train in bfloat16, which needs no loss scale.",
      "Clip, or lower the learning rate, if the norm rises towards the overflows.",
      "Look for a layer whose activations overflow: attention scores, logits, a loss that sums over tokens.",
    ],
    harmless: "While the learning rate is still being found by hand.",
  },
  GN103: {
    test: "The value is negative; or it repeats the one before to the last digit although the log says that the step was skipped, and has more digits than bfloat16 and than a rounded print.",
    why: "A norm is never negative: DeepSpeed, for one, masks a norm that is not finite with -1. A value that repeats over a skipped step is the norm of an earlier step.",
    tries: [
      "Treat the step as one with NaN: look at the loss scale and the tensors there.",
      "Log the norm of each step.",
    ],
    harmless: "It never changes training, only what the log seems to say.",
  },
  GN104: {
    test: "Processes whose lines stand in one log print norms for the same step that differ by more than a thousandth, and by more than their last digit; or only some of them are finite.",
    why: "A norm that is computed on one process alone is that of its shard or of its own batch, not of the model. Clipping by it scales the shards differently.",
    tries: [
      "With FSDP clip through the wrapper, or take the full tensor of the norm.",
      "With pipeline or tensor parallelism sum the squares over all parts, shared parameters once.",
      "Log after the gradients are reduced.",
    ],
    harmless: "Local norms logged on purpose, as for measuring the noise of the gradient.",
  },
  GN105: {
    test: "At least 95 % of 30 or more norms are exact bfloat16 numbers, ten of them different, and the log prints more digits than that.",
    why: "bfloat16 has 8 significant bits: neighbouring numbers are 0.4 to 0.8 % apart, so smaller changes of the norm cannot be seen and equal neighbours mean nothing.",
    tries: ["Compute the norm in float32: it is one number per tensor, and costs nothing."],
    harmless: "For finding spikes and choosing a clip threshold the resolution is enough.",
  },
} as const satisfies Record<string, RuleGuide>;
