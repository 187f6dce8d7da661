import { element } from "../../shared/element.ts";
import type { Fact } from "./effectFacts.ts";

/** A number with its name, in a list of such. */
export function factElement({ label, value, title }: Fact): HTMLElement {
  return element("div", { attributes: { title } }, [element("dt", { text: label }), element("dd", { text: value })]);
}
