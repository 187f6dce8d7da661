import type { Finding } from "#core/finding.ts";
import { ruleName } from "#l10n/names.ts";

const MOST_CHARACTERS = 60;

/** A finding in a few words, to stand behind its log line: `GN201 spike`, `GN301 dead tensor: h.0.mlp.weight`. */
export function markOf({ rule, tensor }: Pick<Finding, "rule" | "tensor">): string {
  const name = `${rule} ${ruleName(rule)}`;
  const whole = tensor === null ? name : `${name}: ${tensor}`;
  return whole.length <= MOST_CHARACTERS ? whole : `${whole.slice(0, MOST_CHARACTERS - 1)}…`;
}
