/** A vector picture as data: it becomes elements of a page, or the text of a file. */
export interface SvgNode {
  readonly tag: string;
  readonly attributes: Readonly<Record<string, string | number>>;
  /** A string is text. */
  readonly children: readonly (SvgNode | string)[];
}

export function svg(
  tag: SvgNode["tag"],
  attributes: SvgNode["attributes"] = {},
  children: SvgNode["children"] = [],
): SvgNode {
  return { tag, attributes, children };
}

export const NAMESPACE = "http://www.w3.org/2000/svg";

/** A whole file, which shows the same anywhere. */
export function toFile(picture: SvgNode): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${toText({
    ...picture,
    attributes: { xmlns: NAMESPACE, ...picture.attributes },
  })}\n`;
}

export function toText({ tag, attributes, children }: SvgNode): string {
  const written = Object.entries(attributes).map(([name, value]) => ` ${name}="${escapeText(String(value))}"`);
  const inside = children.map((child) => (typeof child === "string" ? escapeText(child) : toText(child)));
  return `<${tag}${written.join("")}>${inside.join("")}</${tag}>`;
}

/** Safe in text and in attributes of XML and HTML. What XML cannot hold at all becomes �. */
export function escapeText(text: string): string {
  return text.replaceAll(FORBIDDEN, "\uFFFD").replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

// oxlint-disable-next-line no-control-regex -- Names in logs may hold them, and no XML reader takes them.
const FORBIDDEN = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g;
