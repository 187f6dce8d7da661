import { element } from "../../shared/element.ts";

export interface MenuEntry {
  readonly label: string;
  readonly run: () => void;
  /** Asked each time the menu opens. */
  readonly isEnabled: () => boolean;
}

/** A button with a menu (the menu button pattern of the ARIA Authoring Practices). */
export function createMenu(label: string, entries: readonly MenuEntry[]): HTMLElement {
  const items = entries.map((entry) =>
    element("button", {
      class: "menu-item",
      text: entry.label,
      attributes: { type: "button", role: "menuitem", tabindex: "-1" },
      onClick: () => {
        close();
        entry.run();
      },
    }),
  );
  const list = element("div", { class: "menu", attributes: { role: "menu", "aria-label": label } }, items);
  const opener = element("button", {
    class: "quiet",
    text: label,
    attributes: { type: "button", "aria-haspopup": "menu", "aria-expanded": "false" },
    onClick: () => (list.hidden ? open() : close()),
  });
  const whole = element("div", { class: "menu-button" }, [opener, list]);
  list.hidden = true;
  whole.addEventListener("keydown", move);
  whole.addEventListener("focusout", ({ relatedTarget }) => {
    if (!(relatedTarget instanceof Node && whole.contains(relatedTarget))) {
      hide();
    }
  });
  return whole;

  function open(): void {
    for (const [index, item] of items.entries()) {
      item.disabled = entries[index]?.isEnabled() === false;
    }
    list.hidden = false;
    opener.setAttribute("aria-expanded", "true");
    items.find(({ disabled }) => !disabled)?.focus();
  }

  function close(): void {
    hide();
    opener.focus();
  }

  function hide(): void {
    list.hidden = true;
    opener.setAttribute("aria-expanded", "false");
  }

  function move(event: KeyboardEvent): void {
    const usable = items.filter(({ disabled }) => !disabled);
    const at = usable.findIndex((item) => item === document.activeElement);
    const places: Readonly<Record<string, number>> = {
      ArrowDown: (at + 1) % usable.length,
      ArrowUp: at - 1,
      Home: 0,
      End: -1,
    };
    const place = places[event.key];
    if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      close();
    } else if (place !== undefined && !list.hidden) {
      event.preventDefault();
      usable.at(Math.max(place, -1))?.focus();
    } else if (event.key === "ArrowDown" && list.hidden) {
      event.preventDefault();
      open();
    }
  }
}
