/** Whether a name is one of these; `*` in them stands for any characters, also none. */
export function matchesAny(patterns: readonly string[], name: string): boolean {
  return patterns.some((pattern) => matches(pattern.split("*"), name));
}

/** By hand, since a regular expression made of many stars can take for ever. */
function matches([first = "", ...others]: readonly string[], name: string): boolean {
  const last = others.at(-1);
  if (last === undefined) {
    return name === first;
  }
  let at = name.startsWith(first) ? first.length : -1;
  for (const part of others.slice(0, -1)) {
    const found = at < 0 ? -1 : name.indexOf(part, at);
    at = found < 0 ? -1 : found + part.length;
  }
  return at >= 0 && name.length - last.length >= at && name.endsWith(last);
}
