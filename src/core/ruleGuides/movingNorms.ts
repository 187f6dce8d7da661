import type { RuleGuide } from "./guide.ts";

/** GN201 to GN209: how the norm moves. */
export const MOVING_NORMS = {
  GN201: {
    test: "ln‖g‖ stands 5 robust spreads and a factor of 2 above the median of the last 200 finite positive norms, of which there must be 50; a spread is 1.4826 times the median absolute deviation, 0.05 at least. Information up to ×4, a warning up to ×20, else an error, as is a spike that NaN follows within 50 points. It ends after 10 points within 2 spreads. Before the warm-up is over (50 points, and a learning rate that no longer rises) only a jump ×100 counts. Spikes that come ten and more in 1000 points are one finding.",
    why: "Loss spikes have been seen 1 to 8 steps after Adam's second moment under-estimates the gradient (arXiv 2304.13013): the gradient shows it first.",
    tries: [
      "See which tensors carry the spike, and look at the batch.",
      "If the loss follows, set a clip threshold somewhat above the usual norm.",
      "If spikes grow in number (GN202), lower the learning rate or go back to an earlier checkpoint.",
    ],
    harmless: "A single spike that the loss does not notice, above all where clipping is on: the step was cut to size.",
  },
  GN202: {
    test: "Five or more spikes (GN201) in the last 1000 points, and so many more than in the 1000 before that a steady rate would do so by chance at most one time in twenty. Both windows lie behind the warm-up.",
    why: "In accounts of large runs that diverged, spikes came more and more often first, while each alone still looked harmless.",
    tries: ["Lower the learning rate, or clip harder, before the loss goes.", "Keep more checkpoints from here on."],
    harmless: "After a change of data: harder batches spike more often, and stay so.",
  },
  GN203: {
    test: "The median of the last 25 points lies above that of the 200 before them by more than a factor of 2 and more than 4 spreads, for 40 points on end. A warning up to ×10, else an error. The spikes in which it began are part of it. Not judged for 50 points after the learning rate jumped by more than 2; such a jump is named. It ends when the 200 points have reached the new level.",
    why: "The norm did not jump and come back: training is in another state. That is exploding gradients, or a change of learning rate, data or batch size.",
    tries: [
      "Compare the step with the schedule and the data order.",
      "See whether all tensors rose alike (a change of the loss or its scale) or a few (a layer that is breaking).",
    ],
    harmless: "Where something was changed on purpose: learning rate, batch size, sum instead of mean.",
  },
  GN204: {
    test: "Of the last 1000 points in 20 blocks of 50, the medians rise steadily (Kendall's τ of 0.6 or more) and by a factor of 2 or more in all (slope of Theil and Sen). A warning from ×4 on. Silent where GN203 or GN205 lies in the window.",
    why: "A norm that grows over thousands of steps has preceded instability in published runs; no single step shows it.",
    tries: [
      "Look at weight norms and weight decay.",
      "See which tensors grow.",
      "Compare with the learning-rate schedule.",
    ],
    harmless:
      "Norms often grow slowly while the loss falls, late in training and under a small learning rate. Alone it is no reason to stop.",
  },
  GN205: {
    test: "As GN203, downwards, by more than a factor of 10.",
    why: "Gradients vanished, the loss is saturated, part of the graph was detached, or the norm is now measured after the gradients are unscaled.",
    tries: [
      "See which tensors fell.",
      "Look at the loss: still falling, flat, or zero?",
      "Compare with a change of code at a restart.",
    ],
    harmless: "A model that has fitted its data has small gradients.",
  },
  GN206: {
    test: "The norm is exactly 0 for three points in a row. A 0 that was printed with few digits does not count.",
    why: "No parameter receives gradient: nothing is learnt.",
    tries: [
      "Measure before the gradients are cleared.",
      "Look for a detached loss, frozen parameters or a loss that is constant.",
      "Under fp16, look whether the gradients underflow: raise the loss scale.",
    ],
    harmless: "Where steps do not train on purpose, as when only buffers are updated.",
  },
  GN207: {
    test: "20 equal norms in a row, apart from NaN, which are not the clip threshold, not rounded to bfloat16 (GN105) and not printed with few digits.",
    why: "Norms of different batches are never equal to the last digit: the number is logged again without being computed again.",
    tries: ["Log the norm of this step instead of a stored one.", "With accumulation, log at the optimizer's steps."],
    harmless: "It never changes training. Norms after clipping stand at the threshold when it is not known.",
  },
  GN208: {
    test: "Of 1000 points without their linear trend, the autocorrelation of ln‖g‖ has a peak of 0.4 or more at a period of 5 to 250 points, 0.3 above its lowest before. Judged every 1000 points.",
    why: "Something repeats: an order of data that is not shuffled, accumulation logged at micro-steps, a cyclic schedule.",
    tries: ["Compare the period with an epoch, with the accumulation and with the schedule."],
    harmless: "A cyclic schedule on purpose. Single spikes at equal distances are not found this way.",
  },
  GN209: {
    test: "Of three or more spikes of the loss (5 robust spreads above the median of 200, on the linear scale) at least half began 1 to 10 steps after a spike of the gradient norm.",
    why: "The gradient warns before the loss: skipping or clipping those steps may save the loss.",
    tries: ["Clip at the usual norm.", "With Adam, try a smaller β2: its second moment then follows faster."],
    harmless: "When the log has a point only every so many steps, what comes first cannot be told.",
  },
} as const satisfies Record<string, RuleGuide>;
