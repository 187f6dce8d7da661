import type { RuleGuide } from "./guide.ts";

/** GN501 to GN505: what checkpoints say. */
export const CHECKPOINTS = {
  GN501: {
    test: "A matrix changes in one step by less than 1e-5 or more than 1e-2 of its norm. Embeddings, norms, biases and matrices that begin at zero are left out.",
    why: "Far smaller updates hardly train; far larger ones overwrite what was learnt.",
    tries: ["Compare with tensors of the same role.", "Look at the learning rate of its parameter group."],
    harmless: "At the end of a schedule, where the learning rate is nearly 0. The band is our own choice.",
  },
  GN502: {
    test: "For half of a tensor's elements or more √v̂ is below Adam's ε, or the root of their mean is at most 10 ε.",
    why: "ε is then no longer a guard against division by zero: it damps the update, more for small gradients than for large.",
    tries: ["Make ε smaller, with a float32 state.", "Scale the loss or the model up."],
    harmless: "Tensors that hardly receive gradient and need none.",
  },
  GN504: {
    test: "Weights are bfloat16, there is no float32 copy, and for half of a tensor's elements or more the update is below 2⁻⁹ of the weight.",
    why: "Such an update is rounded away: the weight stays as it is, however many steps there are.",
    tries: ["Keep a float32 copy of the weights in the optimizer.", "Use stochastic rounding."],
    harmless: "A float32 copy that is saved elsewhere.",
  },
  GN505: {
    test: "`gradlens check` reads a checkpoint, and one element or more is NaN or infinite. One finding for the whole checkpoint names the tensors; `--max-nan` allows some.",
    why: "A weight that is NaN stays NaN, and makes every output that depends on it NaN too. In an optimizer's state it reaches the weight at the next step; a gradient may have been skipped.",
    tries: [
      "Go on from the last checkpoint without it.",
      "Look at the log around the step at which it was saved: GN101 names the first bad step.",
    ],
    harmless:
      "Buffers that hold -inf on purpose, such as masks of attention; gradients of a step that loss scaling skipped.",
  },
} as const satisfies Record<string, RuleGuide>;
