import { forEachLine } from "../shared/lines.ts";
import type { Setting } from "./setting.ts";

// Every repetition is bounded: a line of a megabyte is judged in time.
const KEY_AND_VALUE = /^( {0,200})(?:- {1,8})?["']?([\w./-]{1,200})["']?\s{0,8}:(?:\s+(.{0,2000}))?$/;
const IN_BRACES = /["']?([\w./-]{1,200})["']?\s{0,8}:\s{0,8}([^,{}]{1,200})/g;
const COMMENT = /(?:^|\s)#.*$/;
const BLOCK_OF_TEXT = /^[|>]/;

interface Parent {
  readonly indent: number;
  readonly name: string;
}

/**
 * The `key: value` lines of YAML at any depth, and pairs in braces on one line. A number to clip at needs no more of YAML;
 * a whole parser would be larger than all log readers together, and has to be guarded against files made to expand.
 */
export function parseYamlSettings(text: string): Setting[] {
  const settings: Setting[] = [];
  let parents: readonly Parent[] = [];
  let textIndent = Infinity; // Of the key whose lines are text.
  forEachLine(text, 0, (raw, line) => {
    const [, spaces = "", name = "", rest = ""] = KEY_AND_VALUE.exec(raw.replace(COMMENT, "")) ?? [];
    const indent = spaces.length;
    if (name === "" || indent > textIndent) {
      return;
    }
    const value = rest.trim();
    textIndent = BLOCK_OF_TEXT.test(value) ? indent : Infinity;
    parents = parents.filter((parent) => parent.indent < indent);
    const path = pathOf(parents, name);
    parents = value === "" ? [...parents, { indent, name }] : parents;
    settings.push(...settingsAt(path, value, line));
  });
  return settings;
}

function settingsAt(path: readonly string[], value: string, line: number): Setting[] {
  if (!value.startsWith("{")) {
    return [{ path, value: unquoted(value), line }];
  }
  const pairs = Array.from(value.matchAll(IN_BRACES));
  return pairs.map(([, key = "", inside = ""]) => ({ path: [...path, key], value: unquoted(inside), line }));
}

/** Weights & Biases writes `max_grad_norm:` with `value: 1.0` below. */
function pathOf(parents: readonly Parent[], name: string): readonly string[] {
  const names = parents.map((parent) => parent.name);
  return name === "value" && names.length > 0 ? names : [...names, name];
}

function unquoted(value: string): string {
  return value.trim().replace(/^(["'])(.*)\1$/, "$2");
}
