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
    menuItem(entry.label, () => {
      close();
      entry.run();
    }),
  );
  const list = element("div", { class: "menu", attributes: { role: "menu", "aria-label": label } }, items);
  const opener = element("button", {
    class: "quiet",
    text: label,
    attributes: { type: "button", "aria-haspopup": "menu", "aria-expanded": "false" },
    onClick: () => (isOpen ? close() : open()),
  });
  const whole = element("div", { class: "menu-button" }, [opener, list]);
  let isOpen = false;
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
    isOpen = true;
    list.hidden = false;
    opener.setAttribute("aria-expanded", "true");
    items.find(({ disabled }) => !disabled)?.focus();
  }

  function close(): void {
    hide();
    opener.focus();
  }

  function hide(): void {
    isOpen = false;
    list.hidden = true;
    opener.setAttribute("aria-expanded", "false");
  }

  function move(event: KeyboardEvent): void {
    if (event.key === "Escape" && isOpen) {
      event.preventDefault();
      close();
    } else if (event.key === "ArrowDown" && !isOpen) {
      event.preventDefault();
      open();
    } else if (isOpen && focusByKey(items, event.key)) {
      event.preventDefault();
    }
  }
}

/** Arrows go round, Home and End to the ends; whether the key was one of them. */
function focusByKey(items: readonly HTMLButtonElement[], key: string): boolean {
  const usable = items.filter(({ disabled }) => !disabled);
  const at = usable.findIndex((item) => item === document.activeElement);
  const places: Readonly<Record<string, number>> = {
    ArrowDown: (at + 1) % usable.length,
    ArrowUp: Math.max(at - 1, -1),
    Home: 0,
    End: -1,
  };
  const place = places[key];
  if (place === undefined) {
    return false;
  }
  usable.at(place)?.focus();
  return true;
}

function menuItem(label: string, onClick: () => void): HTMLButtonElement {
  const attributes = { type: "button", role: "menuitem", tabindex: "-1" };
  return element("button", { class: "menu-item", text: label, attributes, onClick });
}
