import { BROKEN_NORMS } from "./ruleGuides/brokenNorms.ts";
import { CHECKPOINTS } from "./ruleGuides/checkpoints.ts";
import { CLIPPING } from "./ruleGuides/clipping.ts";
import type { RuleGuide } from "./ruleGuides/guide.ts";
import { LIMITS } from "./ruleGuides/limits.ts";
import { MOVING_NORMS } from "./ruleGuides/movingNorms.ts";
import { TENSORS } from "./ruleGuides/tensors.ts";
import type { RuleId } from "./rules.ts";

/** What stands on the page of each rule. Long texts: for the documentation, not for a bundle that starts fast. */
export const RULE_GUIDES: Readonly<Record<RuleId, RuleGuide>> = {
  ...BROKEN_NORMS,
  ...MOVING_NORMS,
  ...TENSORS,
  ...CLIPPING,
  ...CHECKPOINTS,
  ...LIMITS,
};
