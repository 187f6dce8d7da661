import { createNameFilter } from "../../shared/nameFilter.ts";

/**
 * Which names a text keeps: words and globs as in other tables, or `/a regular expression/`. One that is not valid yet keeps
 * all.
 */
export function createRowFilter(text: string): (name: string) => boolean {
  const pattern = /^\/(.*?)\/?$/.exec(text.trim())?.[1];
  if (pattern === undefined) {
    return createNameFilter(text);
  }
  const expression = parseExpression(pattern);
  return (name) => expression === undefined || expression.test(name);
}

/** Undefined while it is being typed. */
function parseExpression(pattern: string): RegExp | undefined {
  try {
    return new RegExp(pattern, "i");
  } catch (error) {
    if (error instanceof SyntaxError) {
      return undefined;
    }
    throw error;
  }
}
