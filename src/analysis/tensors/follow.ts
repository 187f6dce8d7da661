import type { Finding } from "#core/finding.ts";
import { createRoster } from "./roster.ts";
import { createTaker } from "./takeNew.ts";
import type { TensorSeries } from "./takeNew.ts";
import { createTensorWatch } from "./watch.ts";
import type { WatchOptions } from "./watch.ts";

/** The findings on the tensors of one run. */
export interface TensorFollower {
  /**
   * Judges what is new. A log that went back to an earlier step, or was read late, is judged anew as a whole. In a map that was
   * given before no series is replaced by another.
   */
  readonly update: (tensors: ReadonlyMap<string, TensorSeries>) => void;
  readonly findings: () => readonly Finding[];
}

export function followTensors(options: WatchOptions): TensorFollower {
  let judge = createJudge(new Map(), options);
  let findings: readonly Finding[] = [];
  return {
    update(tensors) {
      const outcome = judge.add(tensors);
      if (outcome === "outdated") {
        judge = createJudge(tensors, options);
        judge.add(tensors);
      }
      if (outcome !== "nothing") {
        findings = judge.findings();
      }
    },
    findings: () => findings,
  };
}

interface Judge {
  readonly add: (tensors: ReadonlyMap<string, TensorSeries>) => "nothing" | "new" | "outdated";
  readonly findings: () => readonly Finding[];
}

function createJudge(tensors: ReadonlyMap<string, TensorSeries>, options: WatchOptions): Judge {
  const [first] = tensors.values();
  const roster = createRoster(first?.key.axis);
  const taker = createTaker(roster);
  const watch = createTensorWatch(roster, options);
  return {
    add(grown) {
      const columns = taker.take(grown);
      if (columns?.length === 0) {
        return "nothing";
      }
      return columns !== undefined && watch.add(columns) ? "new" : "outdated";
    },
    findings: () => watch.findings(taker.pathAt),
  };
}
