export interface ElementOptions {
  readonly class?: string;
  readonly text?: string;
  /** Attributes; `style` has no place here, the page's policy forbids it. */
  readonly attributes?: Readonly<Record<string, string>>;
  readonly onClick?: () => void;
}

/** An element with its text and children. Text is never parsed as HTML: names in files are hostile. */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  options: ElementOptions = {},
  children: readonly Node[] = [],
): HTMLElementTagNameMap[Tag] {
  const created = document.createElement(tag);
  created.className = options.class ?? "";
  if (options.text !== undefined) {
    created.textContent = options.text;
  }
  setAttributes(created, options.attributes ?? {});
  if (options.onClick !== undefined) {
    created.addEventListener("click", options.onClick);
  }
  created.append(...children);
  return created;
}

export function svgElement<Tag extends keyof SVGElementTagNameMap>(
  tag: Tag,
  attributes: Readonly<Record<string, string>>,
  children: readonly Node[] = [],
): SVGElementTagNameMap[Tag] {
  const created = document.createElementNS("http://www.w3.org/2000/svg", tag);
  setAttributes(created, attributes);
  created.append(...children);
  return created;
}

export function button(
  label: string,
  options: { title: string; class?: string; onClick: () => void },
): HTMLButtonElement {
  return element("button", {
    class: options.class ?? "",
    text: label,
    attributes: { type: "button", title: options.title, "aria-label": options.title },
    onClick: options.onClick,
  });
}

/** Changes the text only when it differs, so that a screen reader is not told the same again. */
export function setText(target: Element, text: string): void {
  if (target.textContent !== text) {
    target.textContent = text;
  }
}

function setAttributes(target: Element, attributes: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(attributes)) {
    target.setAttribute(name, value);
  }
}
