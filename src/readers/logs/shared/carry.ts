import { isFields } from "./fields.ts";
import type { Fields } from "./fields.ts";

const NOTHING: Fields = {};

/** The fields of a carry that this room wrote earlier. Anything else is a fresh start. */
export function readCarry(carry: string): Fields {
  if (carry === "") {
    return NOTHING;
  }
  try {
    const value: unknown = JSON.parse(carry);
    return isFields(value) ? value : NOTHING;
  } catch {
    return NOTHING;
  }
}

export function stringIn(carry: Fields, key: string): string | null {
  const value = carry[key];
  return typeof value === "string" ? value : null;
}

export function numberOrNullIn(carry: Fields, key: string): number | null {
  const value = carry[key];
  return typeof value === "number" ? value : null;
}
