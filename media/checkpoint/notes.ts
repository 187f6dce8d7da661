import { t } from "@vscode/l10n";
import { element, setText } from "../shared/element.ts";
import { formatCount } from "./text.ts";

/** What is odd but readable, as one line that opens: which rule gave names, what was not read. */
export interface Notes {
  readonly element: HTMLElement;
  readonly show: (notes: readonly string[]) => void;
}

export function createNotes(): Notes {
  const title = element("span");
  const first = element("span", { class: "first-note" });
  const list = element("ul");
  const details = element("details", { class: "notes" }, [element("summary", {}, [title, first]), list]);
  show([]);
  return { element: details, show };

  function show(notes: readonly string[]): void {
    details.hidden = notes.length === 0;
    setText(title, notes.length === 1 ? t("Note") : t("{0} notes", formatCount(notes.length)));
    setText(first, notes[0] ?? "");
    list.replaceChildren(...notes.map((text) => element("li", { text })));
  }
}
