import { isNumbers } from "./numbers.ts";

/** JSON has no NaN or Infinity; Gradlens writes them as strings so that no reader takes them for null. */
export function toJson(value: unknown, indent = 0): string {
  return JSON.stringify(value, writeNonFinite, indent);
}

function writeNonFinite(_key: string, value: unknown): unknown {
  if (typeof value === "number" && !Number.isFinite(value)) {
    return String(value);
  }
  return isNumbers(value) ? Array.from(value) : value;
}
