import { t } from "@vscode/l10n";
import { element } from "../../shared/element.ts";
import { normLine } from "../run.ts";
import type { ShownRun } from "../run.ts";
import type { ClipState } from "./clipState.ts";

/** Which of a run's global norms the advice is about; hidden where it has one. */
export interface NormSelect {
  readonly element: HTMLElement;
  readonly show: (run: ShownRun, state: Pick<ClipState, "norm">) => void;
}

/** `onDidChoose` gets undefined for the main norm. */
export function createNormSelect(onDidChoose: (norm: string | undefined) => void): NormSelect {
  const select = element("select", { attributes: { "aria-label": t("Norm that is clipped") } });
  const label = element("label", { text: `${t("Norm")} ` }, [select]);
  let shown = "";
  select.addEventListener("change", () => onDidChoose(select.selectedIndex === 0 ? undefined : select.value));
  return {
    element: label,
    show(run, { norm }) {
      const further = run.furtherNorms.map(({ name }) => name);
      const main = normLine(run)?.name ?? "";
      label.hidden = further.length === 0;
      const key = JSON.stringify([main, ...further]);
      if (key !== shown) {
        shown = key;
        const options = [main, ...further].map((name) =>
          element("option", { text: name, attributes: { value: name } }),
        );
        select.replaceChildren(...options);
      }
      select.value = norm !== undefined && further.includes(norm) ? norm : main;
    },
  };
}
