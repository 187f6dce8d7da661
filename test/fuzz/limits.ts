// What is promised of any input.
export const MAX_MEBIBYTES = 100;
const MAX_MILLISECONDS_PER_64_KIB = 1000;

export function timeLimitMs(inputBytes: number): number {
  return MAX_MILLISECONDS_PER_64_KIB * Math.max(1, Math.ceil(inputBytes / 65_536));
}
