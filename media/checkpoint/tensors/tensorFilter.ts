import { messageOf } from "#core/messageOf.ts";
import { createNameFilter } from "../../shared/nameFilter.ts";

export interface TensorFilter {
  /** Of a tensor's names, as `searchedText` gives them. */
  readonly keeps: (searched: string) => boolean;
  /** What is wrong with the text, for people; then every name is kept. */
  readonly problem: string | undefined;
}

/** The names that a filter looks at, made once for each tensor: its own and its parameter's, each in a line. */
export function searchedText(name: string, parameter?: string): string {
  return (parameter === undefined ? name : `${name}\n${parameter}`).toLowerCase();
}

/** Words and globs, or a regular expression between slashes: `/h\.[0-3]\./`. Case does not matter. */
export function createTensorFilter(text: string): TensorFilter {
  const expression = /^\/(.+)\/$/.exec(text.trim())?.[1];
  if (expression !== undefined) {
    return byExpression(expression);
  }
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "");
  const tests = words.map(testOf);
  return { keeps: (searched) => tests.every((test) => test(searched)), problem: undefined };
}

function testOf(word: string): (searched: string) => boolean {
  if (!/[*?]/.test(word)) {
    return (searched) => searched.includes(word);
  }
  const matches = createNameFilter(word);
  return (searched) => searched.split("\n").some((name) => matches(name));
}

function byExpression(expression: string): TensorFilter {
  try {
    const pattern = new RegExp(expression, "im");
    return { keeps: (searched) => pattern.test(searched), problem: undefined };
  } catch (error) {
    const problem = messageOf(error);
    return { keeps: () => true, problem };
  }
}
