import type { Finding } from "#core/finding.ts";
import type { Points } from "../points/points.ts";
import type { SeenPoint } from "../points/seenPoint.ts";

/** One stretch of steps a rule objects to: a finding without the tensors behind it; changed in place while it lasts. */
export interface Episode extends Omit<Finding, "tensor" | "source"> {
  /** Zero-based line of the log that shows it best. */
  readonly line: number;
  /** How many finite positive norms its segment has before it, of rules that ask how close episodes are. */
  readonly index?: number;
}

/** A rule reads points one after the other; reading them all at once or as they come gives the same episodes. */
export interface Rule {
  readonly push: (points: Points) => void;
  readonly episodes: () => readonly Episode[];
}

/** For a rule that looks at every point by itself. */
export function eachPoint(push: (point: SeenPoint) => void): Rule["push"] {
  return (points) => {
    for (let place = 0; place < points.length; place += 1) {
      push(points.at(place));
    }
  };
}
