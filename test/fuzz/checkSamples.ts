import type { ParsedLog } from "#readers/logs/reader.ts";

/** Throws unless every sample stands at a finite step, and a log read in pieces gave those of the whole. */
export function checkSamples(whole: ParsedLog, pieces: readonly ParsedLog[]): void {
  if (whole.chunks.some(({ steps }) => !steps.every(Number.isFinite))) {
    throw new Error("a sample has no step");
  }
  const [expected, found] = [seriesOf([whole]), seriesOf(pieces)];
  for (const name of new Set([...expected.keys(), ...found.keys()])) {
    const [all, inPieces] = [expected.get(name) ?? [], found.get(name) ?? []];
    const at = all.findIndex((number, index) => !Object.is(number, inPieces[index]));
    if (at >= 0 || all.length !== inPieces.length) {
      throw new Error("read in pieces, a series has other samples");
    }
  }
}

/** Step, value and line of every sample, in order. */
function seriesOf(pieces: readonly ParsedLog[]): Map<string, number[]> {
  const series = new Map<string, number[]>();
  for (const { name, kind, steps, values, lines } of pieces.flatMap(({ chunks }) => chunks)) {
    const numbers = series.get(`${kind} ${name}`) ?? [];
    steps.forEach((step, at) => numbers.push(step, values[at] ?? Number.NaN, lines[at] ?? Number.NaN));
    series.set(`${kind} ${name}`, numbers);
  }
  return series;
}
