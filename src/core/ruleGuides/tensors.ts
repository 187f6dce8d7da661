import type { RuleGuide } from "./guide.ts";

/** GN301 to GN305: single tensors. */
export const TENSORS = {
  GN301: {
    test: "A tensor's norm is exactly 0 for 20 points in a row. An error when a tenth of all tensors or more are dead.",
    why: "The tensor learns nothing: an unused module, a masked branch, a dead layer, or `requires_grad` left off.",
    tries: ["Look whether the module is called at all.", "Look for a `detach` or a mask before it."],
    harmless:
      "LoRA's A matrices and whatever lies behind a gate that starts at zero, in the first steps; biases of keys in attention and biases before a normalisation, whose gradient is zero by nature; experts that no token was routed to. A tensor that is not in the log is not dead: it is not trained.",
  },
  GN302: {
    test: "One tensor carries 80 % or more of the squared global norm, in the median of 50 points, with less than half of the parameters.",
    why: "Global clipping is then decided by this tensor alone: it scales all others down for it.",
    tries: [
      "Clip this tensor on its own, or give it a smaller learning rate.",
      "Look at its initialisation and scale.",
    ],
    harmless: "Embeddings of a small model.",
  },
  GN303: {
    test: "Per role, over six blocks or more: log10 of the gradient's RMS changes steadily from the first block to the last (|Kendall's τ| of 0.6 or more), by 2 decades or more; an error from 4 on. The last block, the embedding and the head are left out. In a log it needs to know how many elements the tensors have, from a checkpoint of the run whose norms were computed.",
    why: "Gradients vanish or explode with depth: blocks at one end hardly learn, or break first.",
    tries: [
      "Look at initialisation, normalisation and residual scaling.",
      "Compare with the profile at the start of training.",
    ],
    harmless: "Gradients that fall moderately with depth are normal for transformers that normalise before each block.",
  },
  GN304: {
    test: "Norms of single tensors are not finite at a step; the block deepest in the backward order is named.",
    why: "The backward pass runs from the output to the input: what is finite behind the first bad block tells where the trouble began.",
    tries: ["Look at the operation of that block: a division, a logarithm, a softmax, an overflow in fp16."],
    harmless: "Steps that loss scaling skips (GN101).",
  },
  GN305: {
    test: "A tensor's norm is more than 5 times its moving average (0.98) and its share of the squared global norm rose by 0.2 or more.",
    why: "One tensor spiked, perhaps too little for the global norm to show.",
    tries: ["Look at the tensor's inputs at that step: rare tokens, a rare expert, a bad sample."],
    harmless: "Rows of an embedding that rare tokens reach, experts that few tokens reach.",
  },
} as const satisfies Record<string, RuleGuide>;
