import type { ClipThreshold } from "#core/log.ts";
import { flatten, isFields, numberIn } from "../shared/fields.ts";
import { quoteNonFinite } from "../shared/lenientJson.ts";
import { thresholdFrom, thresholdKeyOf } from "./thresholds.ts";

/** The clip threshold that settings in a record name, null when they name none. */
export function thresholdInSettings(settings: unknown, record: number): ClipThreshold | null {
  let found: ClipThreshold | null = null;
  if (isFields(settings)) {
    for (const [name, setting] of Object.entries(flatten(settings))) {
      const value = thresholdKeyOf(name) === "never" ? undefined : numberIn(setting, "globalNorm");
      const threshold = thresholdFrom(value, { name, line: record });
      found = threshold === null ? found : { ...threshold, source: `${name} (record ${record + 1})` };
    }
  }
  return found;
}

/** A value as Python's json writes it, undefined for what is none. */
export function parsePythonJson(json: string): unknown {
  try {
    return JSON.parse(quoteNonFinite(json));
  } catch {
    return undefined;
  }
}
