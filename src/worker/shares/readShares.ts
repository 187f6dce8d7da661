import { join } from "node:path";
import { freshNamesIn, readTextIfThere } from "#files/written/sharedFolder.ts";
import { parseNormsPart } from "#protocol/normsPart.ts";
import type { NormsPart } from "#protocol/normsPart.ts";
import type { CheckpointNorms } from "#protocol/workerAnswers.ts";
import { t } from "@vscode/l10n";
import { describeError } from "../errors.ts";
import { describeMissing } from "./describeMissing.ts";
import { mergeParts } from "./mergeParts.ts";
import { isPartName } from "./partName.ts";
import { checkSameWhole, missingShares } from "./partSet.ts";
import type { NamedPart } from "./partSet.ts";

/** A part from its file. Rejects with a sentence for people. */
export async function readPart(path: string): Promise<NormsPart> {
  const text = await readTextIfThere(path);
  if (text === undefined) {
    throw new Error(t("{0}: The file is not there. Was it moved or deleted?", path));
  }
  try {
    return parseNormsPart(text);
  } catch (error) {
    throw new Error(t("{0} cannot be merged: {1}.", path, describeError(error)), { cause: error });
  }
}

/** The shares in the folder of a run. Rejects with a sentence for people when there is none, or they are of several runs. */
export async function readSharesIn(folder: string): Promise<readonly [NormsPart, ...NormsPart[]]> {
  const named: NamedPart[] = [];
  for (const name of (await freshNamesIn(folder)).filter(isPartName)) {
    const path = join(folder, name);
    named.push({ path, part: await readPart(path) });
  }
  checkSameWhole(named);
  const [first, ...others] = named.map(({ part }) => part);
  if (first === undefined) {
    throw new Error(t("{0}: no share of a checkpoint is here.", folder));
  }
  return [first, ...others];
}

/** The norms from all shares in the folder of a run. Rejects with a sentence for people when some are missing. */
export async function mergeSharesIn(folder: string): Promise<CheckpointNorms> {
  const parts = await readSharesIn(folder);
  const missing = missingShares(parts);
  if (missing.length > 0) {
    throw new Error(`${describeMissing(missing, parts[0].share.count)}.`);
  }
  return mergeParts(parts, { hasAlternatives: true });
}
