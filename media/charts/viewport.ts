/** The steps on screen. `undefined` stands for all of them. */
export interface StepRange {
  readonly min: number;
  readonly max: number;
}

/** Zooms by `factor` (below 1 is closer) so that `anchor` stays where it is. */
export function zoomAt(range: StepRange, anchor: number, factor: number): StepRange {
  return { min: anchor - (anchor - range.min) * factor, max: anchor + (range.max - anchor) * factor };
}

export function panBy(range: StepRange, steps: number): StepRange {
  return { min: range.min + steps, max: range.max + steps };
}

/** Keeps a range inside all steps and no narrower than `narrowest`; undefined when it covers them all. */
export function fitInto(range: StepRange, all: StepRange, narrowest: number): StepRange | undefined {
  const width = Math.max(range.max - range.min, narrowest);
  if (!(width < all.max - all.min)) {
    return undefined;
  }
  const middle = (range.min + range.max) / 2;
  const min = Math.min(Math.max(middle - width / 2, all.min), all.max - width);
  return { min, max: min + width };
}

/** After growth: a range that showed the newest step moves with it, any other stays. */
export function follow(range: StepRange, before: StepRange, after: StepRange): StepRange {
  const showedNewest = range.max >= before.max;
  return showedNewest ? panBy(range, after.max - range.max) : range;
}

/** A range around an episode, with room to see what came before it. */
export function around(start: number, end: number, atLeast: number): StepRange {
  const margin = Math.max((end - start) * 1.5, atLeast / 2);
  return { min: start - margin, max: end + margin };
}
