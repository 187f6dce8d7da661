import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freshNamesIn } from "#files/written/sharedFolder.ts";
import type { NormsPart } from "#protocol/normsPart.ts";
import { describeMissing } from "#worker/shares/describeMissing.ts";
import { partName } from "#worker/shares/partName.ts";
import { missingShares } from "#worker/shares/partSet.ts";
import { shellWord } from "#core/shellWord.ts";
import { computeCommand } from "./computeCommand.ts";
import { findPart } from "./sharePlace.ts";

export interface AwaitOptions {
  readonly folder: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** How to go on when shares are missing at the end, as a clause for people. */
  readonly again: string;
}

// Soon enough for small checkpoints; seldom enough that a file server of thousands does not notice.
const FIRST_LOOK_MS = 50;
const LONGEST_PAUSE_MS = 5000;

/**
 * All shares of a run, one's own and those that others put into the folder. It is asked again and again, because network
 * file systems tell nobody of changes. Rejects after the time limit and names what is missing.
 */
export async function awaitShares(
  own: NormsPart,
  options: AwaitOptions,
): Promise<readonly [NormsPart, ...NormsPart[]]> {
  const { timeoutMs, signal } = options;
  const endMs = performance.now() + timeoutMs;
  const found: [NormsPart, ...NormsPart[]] = [own];
  let reasons: readonly string[] = [];
  for (let pauseMs = FIRST_LOOK_MS; ; pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 1.5)) {
    const look = await lookFor(missingShares(found), own, options.folder);
    found.push(...look.found);
    reasons = look.reasons;
    if (found.length === own.share.count) {
      return found;
    }
    const leftMs = endMs - performance.now();
    if (leftMs <= 0) {
      throw new Error(describeEnd(found, reasons, options));
    }
    await sleep(Math.min(pauseMs, leftMs), undefined, { signal });
  }
}

interface Look {
  readonly found: readonly NormsPart[];
  readonly reasons: readonly string[];
}

async function lookFor(missing: readonly number[], own: NormsPart, folder: string): Promise<Look> {
  const names = new Set(missing.length === 0 ? [] : await freshNamesIn(folder));
  const found: NormsPart[] = [];
  const reasons: string[] = [];
  for (const index of missing) {
    const share = { index, count: own.share.count };
    const part = names.has(partName(share)) ? await findPart(folder, share, own.fingerprint) : undefined;
    if (part?.kind === "found") {
      found.push(part.part);
    } else if (part?.kind === "other") {
      reasons.push(`${partName(share)} is not of this run: ${part.reason}.`);
    }
  }
  return { found, reasons };
}

function describeEnd(
  found: readonly [NormsPart, ...NormsPart[]],
  reasons: readonly string[],
  options: AwaitOptions,
): string {
  const { folder, timeoutMs, again } = options;
  const [own] = found;
  const missing = missingShares(found);
  const ranks = missing.map((index) => index - 1);
  const share = { index: missing[0] ?? 1, count: own.share.count };
  const command = computeCommand(own, share, join(folder, partName(share)));
  const parts = `${shellWord(folder)}/share-*-of-${share.count}.json`;
  return [
    `${describeMissing(missing, share.count)} after ${timeoutMs / 1000} s (${ranks.length === 1 ? "rank" : "ranks"} ${ranks.slice(0, 16).join(", ")}).`,
    ...reasons.slice(0, 3),
    `What is there stays in ${folder}.`,
    `To complete it: ${command}${missing.length > 1 ? " and so on" : ""}; then: gradlens merge ${parts}${again}.`,
  ].join(" ");
}
