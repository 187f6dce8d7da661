import type { FromClipping, ToClipping } from "#protocol/dashboard/clipping.ts";
import { t } from "@vscode/l10n";
import { applyThreshold } from "../applyThreshold/applyThreshold.ts";
import type { ClipAdviser } from "./clipAdvice.ts";
import type { TabContext } from "./tabContext.ts";

/** Answers the tab "Clipping". */
export function answerClipping(
  request: FromClipping,
  { run, post }: TabContext<ToClipping>,
  { describeAdvice, scalePlan }: ClipAdviser,
): void {
  switch (request.kind) {
    case "advise":
      return post(describeAdvice(run, request));
    case "scalePlan": {
      const plan = scalePlan(run, request);
      return plan === undefined ? undefined : post({ kind: "tensorPlan", id: request.id, plan });
    }
    case "apply": {
      const say = (text: string): void => post({ kind: "applied", text });
      void applyThreshold(request.threshold).then(say, (error: unknown) =>
        say(t("It could not be applied: {0}", String(error))),
      );
    }
  }
}
