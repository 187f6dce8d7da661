// Before that it would be a guess from the first reads.
const FIRST_MS = 500;
const FIRST_PART = 0.02;
// Only the last seconds count, so that a slow start, or a disk that became slow, is soon forgotten.
const WINDOW_MS = 3000;

/** A function that tells from the bytes done so far how many seconds are left; null while that cannot be said. */
export function createTimeLeft(totalBytes: number, now: () => number): (doneBytes: number) => number | null {
  const startMs = now();
  const seen = [{ atMs: startMs, doneBytes: 0 }];
  return (doneBytes) => {
    const atMs = now();
    while (atMs - (seen[1]?.atMs ?? atMs) >= WINDOW_MS) {
      seen.shift();
    }
    seen.push({ atMs, doneBytes });
    const isEarly = atMs - startMs < FIRST_MS || doneBytes < FIRST_PART * totalBytes;
    const gained = doneBytes - (seen[0]?.doneBytes ?? doneBytes);
    if (isEarly || gained <= 0) {
      return null;
    }
    const seconds = (atMs - (seen[0]?.atMs ?? atMs)) / 1000;
    return ((totalBytes - doneBytes) / gained) * seconds;
  };
}
