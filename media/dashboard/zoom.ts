import { fitInto, follow, panBy, zoomAt } from "../charts/viewport.ts";
import type { StepRange } from "../charts/viewport.ts";

/** The steps on screen: one for all panels. */
export interface Zoom {
  readonly shown: () => StepRange;
  /** Undefined while all steps are shown. */
  readonly chosen: () => StepRange | undefined;
  /** The run has these steps now; a zoom that shows the newest goes with it. */
  readonly grow: (all: StepRange, narrowest: number) => void;
  /** Each says whether anything changed. */
  readonly set: (range: StepRange | undefined) => boolean;
  readonly zoom: (anchor: number, factor: number) => boolean;
  readonly pan: (share: number) => boolean;
}

export function createZoom(): Zoom {
  let all: StepRange = { min: 0, max: 1 };
  let narrowest = 1;
  let chosen: StepRange | undefined;
  const shown = (): StepRange => chosen ?? all;
  return {
    shown,
    chosen: () => chosen,
    grow(newAll, newNarrowest) {
      const followed = chosen && follow(chosen, all, newAll);
      all = newAll;
      narrowest = newNarrowest;
      chosen = followed && fitInto(followed, all, narrowest);
    },
    set,
    zoom: (anchor, factor) => set(zoomAt(shown(), anchor, factor)),
    pan: (share) => set(panBy(shown(), share * (shown().max - shown().min))),
  };

  function set(range: StepRange | undefined): boolean {
    const before = shown();
    chosen = range && fitInto(range, all, narrowest);
    return before.min !== shown().min || before.max !== shown().max;
  }
}
