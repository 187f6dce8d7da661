import { clipOptionsOf } from "#core/clipping/snippets.ts";
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
    { attributes: { "aria-label": "Framework" } },
    frameworks.map((text) => element("option", { text })),
  );
  picker.value = frameworks.includes(options.framework) ? options.framework : (frameworks[0] ?? "");
  const code = element("code", { class: "clip-code" });
  const said = element("p", { class: "quiet-text", attributes: { role: "status" } });
  const apply = element("button", {
    text: "Apply to Source",
    attributes: { type: "button", title: "Sets this threshold where the workspace's sources clip" },
    onClick: () => options.apply(threshold),
  });
  const copy = element("button", {
    class: "secondary",
    text: "Copy Code",
    attributes: { type: "button" },
    onClick: () => {
      options.copy(code.textContent ?? "");
      setText(said, `The code for ${picker.value} is on the clipboard.`);
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
