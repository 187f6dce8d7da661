import { createNameFilter } from "../../shared/nameFilter.ts";

export interface TensorFilter {
  readonly keeps: (name: string, alias?: string) => boolean;
  /** What is wrong with the text, for people; then every name is kept. */
  readonly problem: string | undefined;
}

/** Words and globs, or a regular expression between slashes: `/h\.[0-3]\./`. Case does not matter. */
export function createTensorFilter(text: string): TensorFilter {
  const expression = /^\/(.+)\/$/.exec(text.trim())?.[1];
  if (expression === undefined) {
    return { keeps: createNameFilter(text), problem: undefined };
  }
  try {
    const pattern = new RegExp(expression, "i");
    return {
      keeps: (name, alias) => pattern.test(name) || (alias !== undefined && pattern.test(alias)),
      problem: undefined,
    };
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    return { keeps: () => true, problem };
  }
}
