import { parseTOML } from "toml-eslint-parser";
import type { AST } from "toml-eslint-parser";
import type { ConfigEntry } from "./configEntry.ts";
import { scalarAt } from "./scalar.ts";

/** The settings of a TOML file. While it is no valid TOML, as in the middle of typing, there are none. */
export function tomlEntries(text: string): readonly ConfigEntry[] {
  const program = parsed(text);
  return (program?.body[0].body ?? []).flatMap((part) =>
    part.type === "TOMLTable"
      ? part.body.flatMap((pair) => entriesOf(text, pair, part.resolvedKey.map(String)))
      : entriesOf(text, part, []),
  );
}

function parsed(text: string): AST.TOMLProgram | undefined {
  try {
    return parseTOML(text);
  } catch {
    return undefined; // The only way in which the parser says that the text is no TOML.
  }
}

function entriesOf(text: string, { key, value }: AST.TOMLKeyValue, path: readonly string[]): readonly ConfigEntry[] {
  const inside = [...path, ...key.keys.map((each) => (each.type === "TOMLBare" ? each.name : each.value))];
  if (value.type === "TOMLInlineTable") {
    return value.body.flatMap((pair) => entriesOf(text, pair, inside));
  }
  const [start, end] = value.range;
  return value.type === "TOMLValue"
    ? [{ path: inside, start: key.range[0], end, value: scalarAt(text, { start, end }) }]
    : [];
}
