import { stat } from "node:fs/promises";
import type { Discovery } from "#files/discovery.ts";

interface Unseen {
  readonly path: string;
  readonly reason: string;
}

/** What a search of a folder has not seen, in sentences: whoever is told that all is well would believe it of this too. */
export async function unseenIn(folder: string, { unreadable, truncated }: Discovery): Promise<Unseen[]> {
  const isThere = await Promise.all(unreadable.map(async ({ path }) => leadsSomewhere(path)));
  const unseen = unreadable.filter((_, index) => isThere[index] === true);
  return [
    ...unseen.map(({ path, reason }) => ({ path, reason: `${path} could not be looked into: ${reason}` })),
    ...(truncated === false ? [] : [{ path: folder, reason: `${folder}: ${CUT}` }]),
  ];
}

const CUT = "the search for runs stopped at its limit, so there may be more.";

/** A link to nowhere, or what was deleted meanwhile, is nothing that could be read. */
async function leadsSomewhere(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    return !(error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR"));
  }
}
