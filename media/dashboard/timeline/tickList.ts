import { element, setText } from "../../shared/element.ts";

/** One line of a list to tick. */
export interface Tick {
  readonly id: string;
  readonly label: string;
  readonly isTicked: boolean;
  readonly isDisabled: boolean;
  /** Why it cannot be ticked, or what it does. */
  readonly title?: string;
  readonly onChange: (isTicked: boolean) => void;
}

/** A list of boxes to tick that opens like a menu. */
export interface TickList {
  readonly element: HTMLElement;
  /** Without ticks it is hidden. */
  readonly show: (summary: string, ticks: readonly Tick[]) => void;
}

export function createTickList(): TickList {
  const summary = element("summary");
  const list = element("div", { class: "tick-list" });
  const box = element("details", { class: "group" }, [summary, list]);
  let shown = "";
  let current: readonly Tick[] = [];
  closeFromOutside(box, summary);
  return {
    element: box,
    show(text, ticks) {
      box.hidden = ticks.length === 0;
      setText(summary, text);
      current = ticks;
      const key = JSON.stringify(ticks);
      if (key !== shown) {
        shown = key;
        const focused = list.contains(document.activeElement) ? document.activeElement?.id : undefined;
        list.replaceChildren(...ticks.map((tick) => checkbox(tick, changeOf)));
        Array.from(list.querySelectorAll("input"))
          .find(({ id }) => id === focused)
          ?.focus();
      }
    },
  };

  /** Boxes stay while what they change may be another. */
  function changeOf(id: string, isTicked: boolean): void {
    current.find((tick) => tick.id === id)?.onChange(isTicked);
  }
}

/** As a menu: a click beside it and Escape close it. */
function closeFromOutside(box: HTMLDetailsElement, summary: HTMLElement): void {
  document.addEventListener("pointerdown", ({ target }) => {
    if (target instanceof Node && !box.contains(target)) {
      box.open = false;
    }
  });
  box.addEventListener("keydown", ({ key }) => {
    if (key === "Escape" && box.open) {
      box.open = false;
      summary.focus();
    }
  });
}

function checkbox(
  { id, label, isTicked, isDisabled, title }: Tick,
  onChange: (id: string, isTicked: boolean) => void,
): HTMLElement {
  const input = element("input", { attributes: { type: "checkbox", id } });
  input.checked = isTicked;
  input.disabled = isDisabled;
  input.addEventListener("change", () => onChange(id, input.checked));
  const attributes = title === undefined ? {} : { title };
  return element("label", { attributes }, [input, element("span", { text: label })]);
}
