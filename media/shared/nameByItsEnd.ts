import { element } from "./element.ts";

/** A name that is cut at its left where it has no room: names of one model begin alike, and tell more by their ends. */
export function nameByItsEnd(name: string): HTMLElement {
  return element("span", { class: "name-by-its-end", attributes: { title: name } }, [
    element("bdi", { text: name, attributes: { dir: "ltr" } }),
  ]);
}
