/** Whether a name matches a pattern in which `*` stands for any characters. In linear time, whoever wrote the pattern. */
export function matchName(pattern: string, name: string): boolean {
  const [first = "", ...others] = pattern.split("*");
  const last = others.pop();
  if (last === undefined) {
    return name === pattern;
  }
  if (!name.startsWith(first) || name.length < first.length + last.length || !name.endsWith(last)) {
    return false;
  }
  let at = first.length;
  for (const part of others) {
    const found = name.indexOf(part, at);
    if (found < 0) {
      return false;
    }
    at = found + part.length;
  }
  return at <= name.length - last.length;
}

/** A filter of names; every name passes when no pattern is given. */
export function nameFilter(pattern: string | undefined): (name: string) => boolean {
  return (name) => pattern === undefined || matchName(pattern, name);
}
