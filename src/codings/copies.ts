import { t } from "@vscode/l10n";

export interface Copy {
  readonly distance: number;
  readonly length: number;
}

/** Repeats bytes that were decoded before, as all of LZ77's kin do; byte by byte, because a copy may reach into itself. */
export function copyBack(decoded: Uint8Array, filled: number, { distance, length }: Copy): void {
  if (distance > filled || distance === 0) {
    throw new Error(t("they copy bytes from before their start"));
  }
  checkRoom(decoded, filled + length);
  for (let at = filled; at < filled + length; at += 1) {
    decoded[at] = decoded[at - distance] ?? 0;
  }
}

export interface Run {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly length: number;
}

/** Takes bytes over as they are. */
export function takeRun(decoded: Uint8Array, filled: number, { bytes, start, length }: Run): void {
  if (start + length > bytes.length) {
    throw new Error(t("they end inside a run"));
  }
  checkRoom(decoded, filled + length);
  decoded.set(bytes.subarray(start, start + length), filled);
}

function checkRoom(decoded: Uint8Array, end: number): void {
  if (end > decoded.length) {
    throw new Error(t("they hold more than the {0} bytes they should", decoded.length));
  }
}
