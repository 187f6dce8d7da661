import { t } from "@vscode/l10n";
import { element } from "../../shared/element.ts";
import { parseThreshold } from "./thresholdInput.ts";

/** The threshold as a number to type, and shares of steps to clip as buttons. */
export interface ThresholdBar {
  readonly element: HTMLElement;
  readonly show: (threshold: number) => void;
}

export interface ThresholdBarActions {
  readonly type: (threshold: number) => void;
  readonly clipShare: (share: number) => void;
}

const SHARES = [0.001, 0.01, 0.05, 0.1] as const;

export function createThresholdBar({ type, clipShare }: ThresholdBarActions): ThresholdBar {
  const box = element("input", {
    class: "threshold-box",
    attributes: {
      type: "text",
      inputmode: "decimal",
      "aria-label": t("Clip threshold as a number"),
      spellcheck: "false",
    },
  });
  box.addEventListener("input", () => {
    const threshold = parseThreshold(box.value);
    box.setAttribute("aria-invalid", String(threshold === undefined));
    if (threshold !== undefined) {
      type(threshold);
    }
  });
  const buttons = SHARES.map((share) =>
    element("button", {
      class: "quiet",
      text: `${Number((100 * share).toPrecision(2))} %`,
      attributes: { type: "button", title: t("The threshold that clips {0} % of the steps", 100 * share) },
      onClick: () => clipShare(share),
    }),
  );
  const label = element("label", {}, [element("span", { text: t("Threshold") }), box]);
  const shares = element(
    "div",
    { class: "group", attributes: { role: "group", "aria-label": t("Clip a share of the steps") } },
    [
      element("span", { class: "quiet-text", text: t("Clip") }),
      ...buttons,
      element("span", { class: "quiet-text", text: t("of the steps") }),
    ],
  );
  return {
    element: element("div", { class: "threshold-bar" }, [label, shares]),
    show(threshold) {
      // Who is typing is not interrupted: `1.` is on the way to 1.5.
      if (parseThreshold(box.value) !== threshold) {
        box.value = String(threshold);
        box.setAttribute("aria-invalid", "false");
      }
    },
  };
}
