/** The folders that all these paths lie in, with a slash behind each; none for a single path, which is named as it is. */
export function sharedFolder(paths: readonly string[]): string {
  const [first = "", ...others] = paths;
  const parts = first.split(SEPARATOR).slice(0, -1);
  const isShared = (count: number): boolean => {
    const folder = lead(first, parts.slice(0, count));
    return others.length > 0 && others.every((path) => path.startsWith(folder));
  };
  const count = parts.findLastIndex((_, index) => isShared(index + 1)) + 1;
  return lead(first, parts.slice(0, count));
}

const SEPARATOR = /[\\/]/;

/** The beginning of a path that these parts make up, as the path writes it. */
function lead(path: string, parts: readonly string[]): string {
  return path.slice(
    0,
    parts.reduce((length, part) => length + part.length + 1, 0),
  );
}
