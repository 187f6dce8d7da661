import { realpath, stat } from "node:fs/promises";
import { isAbsolute, relative, resolve, sep } from "node:path";
import type { Place } from "#core/place.ts";
import { tracked } from "./openCalls.ts";

/**
 * Where a path leads, if that is inside of one of the roots; null for anything else, also for what is not there. A path
 * outside is not even looked at: on Windows a look at another machine's share would give this user's name away.
 */
export async function locateInside(path: string, roots: readonly string[]): Promise<Place | null> {
  const realRoots = await Promise.all(roots.map(realPathOf));
  const allowed = [...roots.map((root) => resolve(root)), ...realRoots.filter((root) => root !== null)];
  for (const candidate of isAbsolute(path) ? [resolve(path)] : allowed.map((root) => resolve(root, path))) {
    const place = isInside(candidate, allowed) ? await realPathOf(candidate) : null;
    if (place !== null && isInside(place, realRoots)) {
      const stats = await tracked(place, stat(place));
      return { path: place, isFolder: stats.isDirectory(), modifiedMs: stats.mtimeMs };
    }
  }
  return null;
}

/** Null for what is not there, may not be seen, or cannot be a path. */
async function realPathOf(path: string): Promise<string | null> {
  return tracked(path, realpath(path)).catch(() => null);
}

function isInside(path: string, roots: readonly (string | null)[]): boolean {
  return roots.some((root) => {
    const way = root === null ? ".." : relative(root, path);
    return way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
  });
}
