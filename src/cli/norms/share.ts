import process from "node:process";
import { formatBytes } from "#core/format.ts";
import { toJson } from "#core/json.ts";
import { writeAtomically } from "#files/written/writeAtomically.ts";
import type { NormsPart, Share } from "#protocol/normsPart.ts";
import { computeShare } from "#worker/shares/computeShare.ts";
import type { ShareOptions } from "#worker/shares/computeShare.ts";
import { UsageError } from "../usage.ts";
import { printable } from "../text/terminalText.ts";

// Far more than nodes of any cluster; a share is a file.
const MAX_SHARES = 65_536;

/** `3/8` is the third of eight shares. */
export function parseShare(text: string): Share {
  const [, index = "", count = ""] = /^(\d+)\/(\d+)$/.exec(text) ?? [];
  const share = { index: Number(index), count: Number(count) };
  if (share.index < 1 || share.index > share.count || share.count > MAX_SHARES) {
    throw new UsageError(
      `--shard ${text}: must be i/n, such as 1/8 for the first of eight, with n at most ${MAX_SHARES}`,
    );
  }
  return share;
}

/** Computes one share and writes it to a file. */
export async function runShare(path: string, options: ShareOptions, output: string | undefined): Promise<number> {
  if (output === undefined) {
    throw new UsageError("--shard: name the file for the share with -o");
  }
  await writePart(output, await computeShare(path, options));
  return 0;
}

export async function writePart(path: string, part: NormsPart): Promise<void> {
  await writeAtomically(path, `${toJson(part)}\n`);
  const { share, readBytes, notes } = part;
  notes.forEach((note) => process.stderr.write(`${printable(`${part.source}: ${note}`)}\n`));
  process.stderr.write(`Share ${share.index} of ${share.count} (${formatBytes(readBytes)}) is in ${path}.\n`);
}
