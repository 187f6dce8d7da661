import type { Axis } from "#core/series.ts";
import { t } from "@vscode/l10n";

/** A place on a run's axis, as a noun in a sentence: `step 250`, `epoch 0.57`. Steps without an axis are optimizer steps. */
export function stepName(step: number | string, axis: Axis | undefined): string {
  switch (axis) {
    case undefined:
      return t("step {0}", step);
    case "epochs":
      return t("epoch {0}", step);
    case "samples":
      return t("sample {0}", step);
    case "tokens":
      return t("token {0}", step);
  }
}

/** The same where a sentence or a title begins: `Step 250`. */
export function stepTitle(step: number | string, axis: Axis | undefined): string {
  const name = stepName(step, axis);
  return name.charAt(0).toUpperCase() + name.slice(1);
}

/** A stretch of an axis, to be read at a glance: `steps 10–20`. */
export function stepRange(from: number | string, to: number | string, axis: Axis | undefined): string {
  switch (axis) {
    case undefined:
      return t("steps {0}–{1}", from, to);
    case "epochs":
      return t("epochs {0}–{1}", from, to);
    case "samples":
      return t("samples {0}–{1}", from, to);
    case "tokens":
      return t("tokens {0}–{1}", from, to);
  }
}

/** The same in a sentence that may be read aloud: `steps 10 to 20`. */
export function stepsFromTo(from: number | string, to: number | string, axis: Axis | undefined): string {
  switch (axis) {
    case undefined:
      return t("steps {0} to {1}", from, to);
    case "epochs":
      return t("epochs {0} to {1}", from, to);
    case "samples":
      return t("samples {0} to {1}", from, to);
    case "tokens":
      return t("tokens {0} to {1}", from, to);
  }
}

/** What an axis counts, as a title. */
export function axisTitle(axis: Axis | undefined): string {
  switch (axis) {
    case undefined:
      return t("Step");
    case "epochs":
      return t("Epoch");
    case "samples":
      return t("Sample");
    case "tokens":
      return t("Token");
  }
}
