/** What a search through folders could not look at. */
export interface Unseen {
  /** The limit at which it stopped, so that there may be more. */
  readonly truncated: "entries" | "time" | false;
  /** Files and folders that could not be read. */
  readonly unreadable: readonly { readonly path: string }[];
}

/** Whether a path may be there although the search did not find it, or what is below it. */
export function mayBeThere(path: string, { truncated, unreadable }: Unseen): boolean {
  return truncated !== false || unreadable.some((other) => isBelow(path, other.path) || isBelow(other.path, path));
}

/** Whether a path is a folder or something in it. */
export function isBelow(path: string, folder: string): boolean {
  const inside = folder.replace(/[\\/]+$/, "");
  return path === folder || (path.startsWith(inside) && /[\\/]/.test(path.charAt(inside.length)));
}
