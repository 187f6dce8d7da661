import type { Discovery } from "#files/search/discovery.ts";
import { leadsNowhere } from "#files/gone.ts";

interface Unseen {
  readonly path: string;
  readonly reason: string;
}

/** What a search of a folder has not seen, in sentences: whoever is told that all is well would believe it of this too. */
export async function unseenIn(folder: string, { unreadable, truncated }: Discovery): Promise<Unseen[]> {
  const isNothing = await Promise.all(unreadable.map(async ({ path }) => leadsNowhere(path)));
  const unseen = unreadable.filter((_, index) => isNothing[index] === false);
  return [
    ...unseen.map(({ path, reason }) => ({ path, reason: `${path} could not be looked into: ${reason}` })),
    ...(truncated === false ? [] : [{ path: folder, reason: `${folder}: ${CUT}` }]),
  ];
}

const CUT = "the search for runs stopped at its limit, so there may be more.";
