import { readTextIfThere } from "#files/sharedFolder.ts";
import { parseNormsPart } from "#protocol/normsPart.ts";
import type { NormsPart } from "#protocol/normsPart.ts";
import { describeError } from "#worker/errors.ts";
import { mergeParts } from "#worker/shares/mergeParts.ts";
import { checkSameWhole, missingShares } from "#worker/shares/partSet.ts";
import type { NamedPart } from "#worker/shares/partSet.ts";
import { computeCommand } from "./computeCommand.ts";
import { describeMissing } from "./describeMissing.ts";
import { printNorms } from "./normsOutput.ts";
import { parseCommand } from "./usage.ts";

const OPTIONS = { json: { type: "boolean" }, output: { type: "string", short: "o" } } as const;

/** Puts the shares of a checkpoint's norms together: what `gradlens norms` gives, to the bit. */
export async function runMerge(args: readonly string[]): Promise<number> {
  const { values, paths } = parseCommand(args, OPTIONS);
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
  await printNorms([[first.source, mergeParts([first, ...others])]], values);
  return 0;
}

async function readPart(path: string): Promise<NormsPart> {
  const text = await readTextIfThere(path);
  if (text === undefined) {
    throw new Error(`${path}: The file is not there. Was it moved or deleted?`);
  }
  try {
    return parseNormsPart(text);
  } catch (error) {
    throw new Error(`${path} cannot be merged: ${describeError(error)}.`, { cause: error });
  }
}
