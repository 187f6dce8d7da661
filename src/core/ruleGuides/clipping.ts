import type { RuleGuide } from "./guide.ts";

/** GN401 to GN405: clipping, and whether the norm is what it seems. */
export const CLIPPING = {
  GN401: {
    test: "The log is from before clipping, the threshold is known, and of 200 or more norms after the warm-up less than 0.1 % or more than 90 % are above it.",
    why: "A threshold that cuts nothing protects from spikes only if it is not far above them; one that cuts everything makes every gradient the same length. With Adam that is nearly no clipping at all, because Adam divides by the usual size.",
    tries: ["`gradlens clip` proposes thresholds from the norms of this run, with reasons."],
    harmless: "Both are in use on purpose: a wide threshold as insurance, a narrow one as normalisation.",
  },
  GN402: {
    test: "3 % or more of 30 or more norms stand within 0.5 % of one highest value, and hardly any above it.",
    why: "The log has norms after clipping: how large the gradients were cannot be seen, nor a threshold be chosen from it.",
    tries: [
      "Log the value that the clipping function returns: it is the norm before clipping in torch and TensorFlow.",
    ],
    harmless: "It never changes training.",
  },
  GN405: {
    test: "Twice or more, the medians of 50 points on both sides of a point differ by a factor of 2 or a half, up to 5 %, together with the logged loss scale; or, where none is logged, and doublings come 2000 steps after the change before, which is torch's growth interval.",
    why: "The norm contains the loss scale: it is measured, and perhaps clipped, before the gradients are unscaled. Clipping at 1 then clips at 1 divided by the scale.",
    tries: ["Call `scaler.unscale_(optimizer)` before the norm is computed and clipped."],
    harmless: "Logging alone changes nothing; clipping before unscaling does. Adam hides it, plain SGD stalls.",
  },
} as const satisfies Record<string, RuleGuide>;
