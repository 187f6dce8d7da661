import type { Threshold } from "./clipSite.ts";
import type { TextRange } from "../document.ts";

/** What a literal says as a threshold. */
export function scalarAt(text: string, range: TextRange): Threshold {
  const written = text.slice(range.start, range.end);
  const isNumber = /^[-+]?(?:\d[\d_]*(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?$/.test(written);
  const isNone = /^(?:null|~|None|none|)$/.test(written);
  const value = isNumber ? Number(written.replaceAll("_", "")) : undefined;
  return { ...range, text: written, value: isNone ? null : value };
}
