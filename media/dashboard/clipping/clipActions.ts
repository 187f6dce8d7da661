import { clipOptionsOf } from "#core/clipping/snippets.ts";
import { t } from "@vscode/l10n";
import { element, setText } from "../../shared/element.ts";

/** What is done with a threshold: written into the source, or copied as code. */
export interface ClipActions {
  readonly element: HTMLElement;
  readonly show: (threshold: number) => void;
  /** What became of it. */
  readonly say: (text: string) => void;
}

export interface ClipActionOptions {
  readonly framework: string;
  readonly onDidChooseFramework: (framework: string) => void;
  readonly apply: (threshold: number) => void;
  readonly copy: (code: string) => void;
}

export function createClipActions(options: ClipActionOptions): ClipActions {
  let threshold = 1;
  const frameworks = clipOptionsOf(threshold).map(({ framework }) => framework);
  const picker = element(
    "select",
    { attributes: { "aria-label": t("Framework") } },
    frameworks.map((text) => element("option", { text })),
  );
  picker.value = frameworks.includes(options.framework) ? options.framework : (frameworks[0] ?? "");
  const code = element("code", { class: "clip-code" });
  const said = element("p", { class: "quiet-text", attributes: { role: "status" } });
  const apply = element("button", {
    text: t("Apply to Source"),
    attributes: { type: "button", title: t("Sets this threshold where the workspace's sources clip") },
    onClick: () => options.apply(threshold),
  });
  const copy = element("button", {
    class: "secondary",
    text: t("Copy Code"),
    attributes: { type: "button" },
    onClick: () => {
      options.copy(code.textContent ?? "");
      setText(said, t("The code for {0} is on the clipboard.", picker.value));
    },
  });
  picker.addEventListener("change", () => {
    options.onDidChooseFramework(picker.value);
    showCode();
  });
  const row = element("div", { class: "clip-actions" }, [apply, picker, code, copy]);
  return {
    element: element("div", {}, [row, said]),
    show(newThreshold) {
      threshold = newThreshold;
      showCode();
    },
    say: (text) => setText(said, text),
  };

  function showCode(): void {
    setText(code, clipOptionsOf(threshold).find(({ framework }) => framework === picker.value)?.code ?? "");
  }
}
