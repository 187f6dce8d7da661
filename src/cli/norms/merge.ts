import { describeMissing } from "#worker/shares/describeMissing.ts";
import { mergeParts } from "#worker/shares/mergeParts.ts";
import { checkSameWhole, missingShares } from "#worker/shares/partSet.ts";
import type { NamedPart } from "#worker/shares/partSet.ts";
import { readPart } from "#worker/shares/readShares.ts";
import { computeCommand } from "./computeCommand.ts";
import { printNorms } from "./normsOutput.ts";
import { parseCommand } from "../usage.ts";

export const MERGE_OPTIONS = { json: { type: "boolean" }, output: { type: "string", short: "o" } } as const;

/** Puts the shares of a checkpoint's norms together: what `gradlens norms` gives, to the bit. */
export async function runMerge(args: readonly string[]): Promise<number> {
  const { values, paths } = parseCommand(args, MERGE_OPTIONS);
  const named: NamedPart[] = [];
  for (const path of paths) {
    named.push({ path, part: await readPart(path) });
  }
  checkSameWhole(named);
  const [first, ...others] = named.map(({ part }) => part);
  if (first === undefined) {
    return 0; // parseCommand has asked for a path.
  }
  const missing = missingShares([first, ...others]);
  const [next] = missing;
  if (next !== undefined) {
    const share = { index: next, count: first.share.count };
    throw new Error(
      `${describeMissing(missing, first.share.count)}. To compute it: ${computeCommand(first, share, `share-${next}.json`)}`,
    );
  }
  await printNorms([{ source: first.source, norms: mergeParts([first, ...others]) }], values);
  return 0;
}
