import { flatten, isFields } from "../shared/fields.ts";
import type { Setting } from "./setting.ts";

/** Every value of a JSON object, with the line of its key. */
export function parseJsonSettings(text: string): Setting[] {
  const settings = parseObject(text);
  return Object.entries(settings).map(([key, value]) => {
    const path = key.split("/");
    return { path, value: String(value), line: lineOf(text, path.at(-1) ?? "") };
  });
}

function parseObject(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return isFields(value) ? flatten(value) : {};
  } catch {
    return {}; // Half written, or with comments.
  }
}

function lineOf(text: string, key: string): number {
  return text.slice(0, Math.max(0, text.indexOf(JSON.stringify(key)))).split("\n").length - 1;
}
