import { relative, sep } from "node:path";
import { matchesGlob } from "#core/glob.ts";

/**
 * Tells of paths below a root whether one of the patterns, relative to it, matches. As in the editor's settings, `{a,b}` is
 * a or b.
 */
export function createExcluder(root: string, patterns: readonly string[]): (path: string) => boolean {
  const globs = patterns.flatMap(alternatives);
  return (path) => {
    const inside = relative(root, path).replaceAll(sep, "/");
    return globs.some((glob) => matchesGlob(inside, glob));
  };
}

const INNERMOST = /\{([^{}]*)\}/;
const MAX_ALTERNATIVES = 100;

/** Without braces; a pattern of more alternatives than anybody writes excludes nothing. */
function alternatives(pattern: string): string[] {
  let globs = [pattern];
  while (globs.length <= MAX_ALTERNATIVES && globs.some((glob) => INNERMOST.test(glob))) {
    globs = globs.flatMap((glob) => {
      const choices = INNERMOST.exec(glob)?.[1]?.split(",");
      return choices?.map((choice) => glob.replace(INNERMOST, () => choice)) ?? [glob];
    });
  }
  return globs.length <= MAX_ALTERNATIVES ? globs : [];
}
