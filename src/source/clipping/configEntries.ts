import type { SyntaxNode } from "@lezer/common";
import { parseTree } from "jsonc-parser";
import type { Node as JsonNode } from "jsonc-parser";
import type { SourceDocument } from "../document.ts";
import { childrenOf } from "../python/syntax.ts";
import { scalarAt } from "./scalar.ts";
import { tomlEntries } from "./tomlEntries.ts";
import type { ConfigEntry } from "./configEntry.ts";

const SHELL_OPTION = /(?<![\w-])(--[\w-]+)(?:=|[ \t]+)["']?([-+]?[\d.][\d.eE+-]*)/g;
const SCALARS = ["Literal", "QuotedLiteral"];

/** The settings of a JSON, YAML or TOML file, or the options in a shell script. Of a damaged file what can be read. */
export function configEntries(document: SourceDocument): readonly ConfigEntry[] {
  switch (document.language) {
    case "json":
      return jsonEntries(document.text, parseTree(document.text), []);
    case "yaml":
      return document.tree === null ? [] : yamlEntries(document.text, document.tree.topNode, []);
    case "toml":
      return tomlEntries(document.text);
    case "shell":
      return shellEntries(document.text);
    case "python":
    case "text":
      return [];
  }
}

function jsonEntries(text: string, node: JsonNode | undefined, path: readonly string[]): readonly ConfigEntry[] {
  if (node?.type === "array") {
    return (node.children ?? []).flatMap((item, index) => jsonEntries(text, item, [...path, String(index)]));
  }
  return (node?.type === "object" ? (node.children ?? []) : []).flatMap(({ children = [] }) => {
    const [key, value] = children;
    if (key === undefined || value === undefined) {
      return [];
    }
    const inside = [...path, String(key.value)];
    const range = { start: value.offset, end: value.offset + value.length };
    return value.children === undefined
      ? [{ path: inside, start: key.offset, end: range.end, value: scalarAt(text, range) }]
      : jsonEntries(text, value, inside);
  });
}

function yamlEntries(text: string, node: SyntaxNode, path: readonly string[]): readonly ConfigEntry[] {
  return childrenOf(node).flatMap((child) => {
    const key = child.name === "Pair" ? child.getChild("Key") : null;
    const value = child.lastChild;
    if (key === null || value === null) {
      return yamlEntries(text, child, path);
    }
    const inside = [...path, unquoted(text.slice(key.from, key.to))];
    const range = { start: value.from, end: value.to };
    return SCALARS.includes(value.name)
      ? [{ path: inside, start: key.from, end: range.end, value: scalarAt(text, range) }]
      : yamlEntries(text, value, inside);
  });
}

function shellEntries(text: string): readonly ConfigEntry[] {
  return Array.from(text.matchAll(SHELL_OPTION)).flatMap((match) => {
    const [whole, option = "", number = ""] = match;
    const line = text.slice(text.lastIndexOf("\n", match.index) + 1, match.index);
    const [start, end] = [match.index, match.index + whole.length];
    const value = scalarAt(text, { start: end - number.length, end });
    return /(?:^|\s)#/.test(line) ? [] : [{ path: [option], start, end, value }];
  });
}

function unquoted(key: string): string {
  return key.replace(/^(["'])(.*)\1$/s, "$2");
}
