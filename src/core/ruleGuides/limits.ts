import type { RuleGuide } from "./guide.ts";

/** GN601 and GN602: limits that people give. */
export const LIMITS = {
  GN601: {
    test: "`gradlens check` was given `--max-norm`, or `check.maxNorm` in its configuration, and a logged global norm, or that of the gradients in a checkpoint, is above it. One finding for each norm, at its largest value.",
    why: "Whoever gave the limit knows how large the gradients of this training may be.",
    tries: [
      "Look at what the rules say of the same steps.",
      "Raise the limit, if the model or the loss changed on purpose.",
    ],
    harmless: "Norms of the first steps, before the warm-up is over. An infinite norm is GN101, not this.",
  },
  GN602: {
    test: "`gradlens check` was given `--max-nan`, or `check.maxNan` in its configuration, and more logged global norms, or more elements of a checkpoint, are NaN or infinite. Up to the limit GN101 and GN505 are silent.",
    why: "Loss scaling in fp16 skips a step now and then. More of them than usual is a reason to look.",
    tries: ["See GN101 for the first bad step, and GN102 for how often steps overflow."],
    harmless: "A limit for short runs given to long ones: it counts steps, not their share.",
  },
} as const satisfies Record<string, RuleGuide>;
