import type { ServerContext } from "@modelcontextprotocol/server";
import { formatBytes } from "#core/format.ts";

/** How far one piece of work is. */
export interface WorkProgress {
  readonly doneBytes: number;
  readonly totalBytes: number;
}

// More often nobody can read it, and each message costs the client time.
const PAUSE_MS = 500;

/**
 * Tells a client how far its question is, if it asked to be told. Pieces of work may follow each other: then what is done
 * before counts as well, since the protocol's progress only ever grows.
 */
export function createProgressSender(
  { _meta, notify }: Pick<ServerContext["mcpReq"], "_meta" | "notify">,
  now: () => number,
): (progress: WorkProgress) => void {
  const progressToken = _meta?.progressToken;
  let before = 0;
  let last: WorkProgress = { doneBytes: 0, totalBytes: 0 };
  let sent = 0;
  let sentMs = -Infinity;
  return ({ doneBytes, totalBytes }) => {
    const isNext = totalBytes !== last.totalBytes || doneBytes < last.doneBytes;
    before += isNext ? last.totalBytes : 0;
    last = { doneBytes, totalBytes };
    const [progress, total] = [before + doneBytes, before + totalBytes];
    if (progressToken === undefined || progress <= sent || (now() - sentMs < PAUSE_MS && doneBytes < totalBytes)) {
      return;
    }
    [sent, sentMs] = [progress, now()];
    const message = `${formatBytes(progress)} of ${formatBytes(total)} read`;
    // A client that is gone hears nothing; the question is then cancelled.
    void notify({ method: "notifications/progress", params: { progressToken, progress, total, message } }).catch(
      () => undefined,
    );
  };
}
