import type { SeriesKind } from "#core/series.ts";
import { nonFiniteOf } from "./lenientJson.ts";
import { parseNumber } from "./numbers.ts";

/** One row of a log: what stands under each key, as the log's own types. */
export type Fields = Readonly<Record<string, unknown>>;

export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Nested objects become keys joined with `/`: `{"metrics": {"loss": 1}}` is `metrics/loss`. */
export function flatten(fields: Fields): Fields {
  for (const key in fields) {
    if (isFields(fields[key])) {
      return flattenInto(createBare(), fields, "");
    }
  }
  return fields;
}

/** The number in a field, undefined when it is missing. Strings and booleans count where their kind is known. */
export function numberIn(value: unknown, kind: SeriesKind): number | undefined {
  if (typeof value === "number") {
    return value;
  }
  if (typeof value === "string") {
    return nonFiniteOf(value) ?? (kind === "other" ? undefined : parseNumber(value));
  }
  return typeof value === "boolean" && kind === "skippedSteps" ? Number(value) : undefined;
}

// Rows nested deeper than this are not metrics; the limit keeps the recursion off the stack's end.
const MAX_DEPTH = 20;

function flattenInto(flat: Record<string, unknown>, fields: Fields, prefix: string, depth = 0): Fields {
  for (const [key, value] of Object.entries(fields)) {
    if (!isFields(value)) {
      flat[prefix + key] = value;
    } else if (depth < MAX_DEPTH) {
      flattenInto(flat, value, `${prefix}${key}/`, depth + 1);
    }
  }
  return flat;
}

/** Without a prototype, so that a logged `__proto__` is a key like any other. */
function createBare(): Record<string, unknown> {
  const bare: Record<string, unknown> = {};
  Object.setPrototypeOf(bare, null);
  return bare;
}
