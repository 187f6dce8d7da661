import type { StepColumn } from "../../charts/stepColumns.ts";
import type { TimelinePicture } from "./picture.ts";

/** Everything the charts show, as columns: the run's own series, its baseline, the norms of other runs. */
export function columnsOf({ run, surroundings, others }: TimelinePicture): readonly StepColumn[] {
  const { steps, median, low, high } = surroundings ?? {};
  const baseline = Object.entries({ median, low, high }).flatMap(([edge, values]) =>
    steps === undefined || values === undefined ? [] : [{ name: `baseline ${edge}`, points: { steps, values } }],
  );
  return [
    ...run.lines.map(({ name, curve }) => ({ name, points: curve.current() })),
    ...baseline,
    ...others.map(({ name, curve }) => ({ name: `gradient norm of ${name}`, points: curve.current() })),
  ];
}
