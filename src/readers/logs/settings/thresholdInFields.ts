import type { ClipThreshold } from "#core/log.ts";
import { numberIn } from "../shared/fields.ts";
import type { Fields } from "../shared/fields.ts";
import { thresholdFrom, thresholdKeyOf } from "./thresholds.ts";

/** The first clip threshold among settings; `where` says for people what they are. */
export function thresholdInFields(fields: Fields, where: string): ClipThreshold | null {
  for (const [name, setting] of Object.entries(fields)) {
    const value = thresholdKeyOf(name) === "never" ? undefined : numberIn(setting, "globalNorm");
    const threshold = thresholdFrom(value, { name, line: 0 });
    if (threshold !== null) {
      return { ...threshold, source: `${name} (${where})` };
    }
  }
  return null;
}
