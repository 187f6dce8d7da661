/** `changed 3 min ago (2026-11-30 07:40 UTC)`: an agent must know whether a run still goes on. */
export function describeAge(modifiedMs: number, nowMs: number): string {
  const at = new Date(modifiedMs).toISOString().slice(0, 16).replace("T", " ");
  return `changed ${ago((nowMs - modifiedMs) / 1000)} (${at} UTC)`;
}

/** Rounded down, in the largest unit of which there are two or more. */
function ago(seconds: number): string {
  const [size, name] = UNITS.find(([one]) => seconds >= 2 * one) ?? [1, "s"];
  return `${Math.max(0, Math.floor(seconds / size))} ${name} ago`;
}

const UNITS = [
  [86_400, "days"],
  [3600, "h"],
  [60, "min"],
] as const;
