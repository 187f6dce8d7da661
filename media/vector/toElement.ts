import { NAMESPACE } from "./node.ts";
import type { SvgNode } from "./node.ts";

/** A vector picture, or a part of one, as an element of the page. */
export function toElement({ tag, attributes, children }: SvgNode): SVGElement {
  const created = document.createElementNS(NAMESPACE, tag);
  if (!(created instanceof SVGElement)) {
    throw new TypeError(`${tag} is no element of a picture.`);
  }
  for (const [name, value] of Object.entries(attributes)) {
    created.setAttribute(name, String(value));
  }
  created.append(...children.map((child) => (typeof child === "string" ? child : toElement(child))));
  return created;
}
