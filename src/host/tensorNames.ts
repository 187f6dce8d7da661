import { normalizeName } from "#core/names/plainName.ts";

// Python attribute chains with indexes, and the same names as logs and JSON write them.
const CHAIN = /[A-Za-z_][\w]*(?:\.\w+|\[\d+\]|\/\w+|\["[^"\]]*"\]|\['[^'\]]*'\])+/g;

/** A name in a line of text, and where it stands. */
export interface NameAt {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** The dotted name around a character of a line; undefined between names. */
export function nameAt(line: string, character: number): NameAt | undefined {
  for (const match of line.matchAll(CHAIN)) {
    const [text] = match;
    const end = match.index + text.length;
    if (match.index <= character && character <= end) {
      return { text, start: match.index, end };
    }
  }
  return undefined;
}

/**
 * The tensors a name in source or log text can mean: the tensor itself; else, leading parts dropped one by one
 * (`model.`, `self.`, `grad_norm/`), the tensor of that name; else all tensors that end in it. What is done with the
 * tensor (`.grad.norm`, `.abs`) does not count.
 */
export function matchTensors(text: string, tensors: Iterable<string>): readonly string[] {
  const known = new Map(Array.from(tensors, (tensor) => [normalizeName(tensor), tensor]));
  const parts = normalizeName(text)
    .replace(/\.(grad|data)(\..*)?$/, "")
    .split(".");
  const found = matchParts(parts, known);
  return found.length > 0 ? found : matchParts(parts.slice(0, -1), known);
}

function matchParts(parts: readonly string[], known: ReadonlyMap<string, string>): readonly string[] {
  for (let from = 0; from < parts.length; from += 1) {
    const tensor = known.get(parts.slice(from).join("."));
    if (tensor !== undefined) {
      return [tensor];
    }
  }
  const own = parts[0] === "self" || parts[0] === "model" ? parts.slice(1) : parts;
  const suffix = `.${own.join(".")}`;
  return own.length < 2 ? [] : Array.from(known).flatMap(([name, tensor]) => (name.endsWith(suffix) ? [tensor] : []));
}
