import { element } from "../shared/element.ts";

export interface Fact {
  readonly label: string;
  readonly value: string;
  /** Longer words for the tooltip. */
  readonly title?: string;
  readonly isBroken?: boolean;
}

/** Names and values in two columns. */
export function factList(facts: readonly Fact[]): HTMLElement {
  const list = facts.map(({ label, value, title, isBroken = false }) => {
    const attributes = title === undefined ? {} : { title };
    return element("div", { class: isBroken ? "is-broken" : "" }, [
      element("dt", { text: label, attributes }),
      element("dd", { text: value, attributes: { title: value } }),
    ]);
  });
  return element("dl", { class: "fact-list" }, list);
}
