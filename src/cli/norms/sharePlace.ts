import { join } from "node:path";
import { readTextIfThere } from "#files/written/sharedFolder.ts";
import { parseNormsPart } from "#protocol/normsPart.ts";
import type { Fingerprint, NormsPart, Share } from "#protocol/normsPart.ts";
import { describeError } from "#worker/errors.ts";
import { partName } from "#worker/shares/partName.ts";
import { difference } from "#worker/shares/fingerprint.ts";

/** Where the shares of one distributed run lie. */
export interface SharePlace {
  readonly base: string;
  /** Undefined when nothing tells it: then what is computed names the folder. */
  readonly job: string | undefined;
}

/** The name of the job, else one made of what is computed, which is the same for all its tasks. */
export function jobName({ job }: SharePlace, { index }: Fingerprint): string {
  return (job ?? index.slice(0, 16)).replaceAll(/[^\w.-]/g, "_"); // Names of jobs come from outside and are no paths.
}

/** A folder of the job alone, so that shares of two jobs never meet. */
export function folderOf(place: SharePlace, fingerprint: Fingerprint): string {
  return join(place.base, `job-${jobName(place, fingerprint)}`);
}

export type FoundPart =
  | { readonly kind: "found"; readonly part: NormsPart }
  | { readonly kind: "missing" }
  /** Of an earlier attempt or of something else; the reason is a clause for people. */
  | { readonly kind: "other"; readonly reason: string };

/** The part of a share in a folder, if it belongs to this very computation. */
export async function findPart(folder: string, share: Share, fingerprint: Fingerprint): Promise<FoundPart> {
  const text = await readTextIfThere(join(folder, partName(share)));
  if (text === undefined) {
    return { kind: "missing" };
  }
  try {
    const part = parseNormsPart(text);
    const reason = difference(fingerprint, part.fingerprint);
    return reason === undefined ? { kind: "found", part } : { kind: "other", reason };
  } catch (error) {
    return { kind: "other", reason: describeError(error) };
  }
}
