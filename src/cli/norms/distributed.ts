import { join } from "node:path";
import process from "node:process";
import { removeFolder, removeIfEmpty } from "#files/written/sharedFolder.ts";
import { createFolder } from "#files/written/writeAtomically.ts";
import type { Share } from "#protocol/normsPart.ts";
import { computeShare } from "#worker/shares/computeShare.ts";
import type { ShareOptions } from "#worker/shares/computeShare.ts";
import { mergeParts } from "#worker/shares/mergeParts.ts";
import { partName } from "#worker/shares/partName.ts";
import { awaitShares } from "./awaitShares.ts";
import { shellWord } from "#core/shellWord.ts";
import { findJobName, findTask } from "./launcher.ts";
import { printNorms } from "./normsOutput.ts";
import type { OutputOptions } from "./normsOutput.ts";
import { parseShare, writePart } from "./share.ts";
import { findPart, folderOf, jobName } from "./sharePlace.ts";
import { UsageError, parseWhole } from "../usage.ts";

export interface DistributedValues extends OutputOptions {
  readonly shard?: string;
  readonly "share-folder"?: string;
  readonly job?: string;
  readonly timeout?: string;
  readonly "no-merge"?: boolean;
}

type Request = Omit<ShareOptions, "share" | "existing"> & { readonly signal: AbortSignal };

// Shares are of the same size, so the last one should come soon after the first.
const DEFAULT_TIMEOUT_S = "1800";
const MAX_TIMEOUT_S = 7 * 24 * 3600;

/**
 * One task of several that a launcher has started on machines with a common file system: computes its share, and as the
 * first one waits for the others and merges them.
 */
export async function runDistributed(path: string, request: Request, values: DistributedValues): Promise<number> {
  const timeout = parseWhole("timeout", values.timeout ?? DEFAULT_TIMEOUT_S, { least: 1, most: MAX_TIMEOUT_S });
  const share = values.shard === undefined ? shareOfTask() : parseShare(values.shard);
  const place = { base: baseFolder(values), job: values.job ?? findJobName(process.env) };
  let isThere = false;
  const part = await computeShare(path, {
    ...request,
    share,
    async existing(fingerprint) {
      const before = await findPart(folderOf(place, fingerprint), share, fingerprint);
      isThere = before.kind === "found";
      return before.kind === "found" ? before.part : undefined;
    },
  });
  const folder = folderOf(place, part.fingerprint);
  const file = join(folder, partName(share));
  if (isThere) {
    process.stderr.write(`Share ${share.index} of ${share.count} was there already: ${file}.\n`);
  } else {
    await createFolder(folder);
    await writePart(file, part);
  }
  if (share.index === 1 && values["no-merge"] !== true) {
    const again = `${describeOutput(values)}; or run all tasks again with --job ${shellWord(jobName(place, part.fingerprint))}`;
    const { signal } = request;
    const parts = await awaitShares(part, { folder, timeoutMs: timeout * 1000, signal, again });
    await printNorms([{ source: path, norms: mergeParts(parts) }], values);
    await removeFolder(folder);
    if (values["share-folder"] === undefined) {
      await removeIfEmpty(place.base);
    }
  }
  return 0;
}

function describeOutput({ json, output }: OutputOptions): string {
  return `${json === true ? " --json" : ""}${output === undefined ? "" : ` -o ${shellWord(output)}`}`;
}

function shareOfTask(): Share {
  const { task, notes } = findTask(process.env);
  if (task.rank === 0) {
    notes.forEach((note) => process.stderr.write(`${note}\n`)); // Once is enough.
  }
  return { index: task.rank + 1, count: task.size };
}

/** Where jobs have their folders. */
function baseFolder({ "share-folder": folder, output }: DistributedValues): string {
  if (folder === undefined && output === undefined) {
    throw new UsageError("--distributed: give -o FILE or --share-folder DIR, on a file system that all tasks see");
  }
  return folder ?? `${output}.shares`;
}
