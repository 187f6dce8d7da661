import { t } from "@vscode/l10n";
import type { StepColumn } from "../../charts/stepColumns.ts";
import type { TimelinePicture } from "./picture.ts";

/** Everything the charts show, as columns: the run's own series and further norms, its baseline, the norms of other runs. */
export function columnsOf({ run, surroundings, norms, others }: TimelinePicture): readonly StepColumn[] {
  const { steps, median, low, high } = surroundings ?? {};
  const baseline = [
    { name: t("baseline median"), values: median },
    { name: t("baseline low"), values: low },
    { name: t("baseline high"), values: high },
  ].flatMap(({ name, values }) =>
    steps === undefined || values === undefined ? [] : [{ name, points: { steps, values } }],
  );
  return [
    ...[...run.lines, ...norms].map(({ name, curve }) => ({ name, points: curve.current() })),
    ...baseline,
    ...others.map(({ name, curve }) => ({ name: t("gradient norm of {0}", name), points: curve.current() })),
  ];
}
