import { toJson } from "#core/json.ts";

/** The part of a list that is another than before: the first `keep` items stay, these follow. */
export interface ListChange<Item> {
  readonly keep: number;
  readonly items: Item[];
}

/** What a page has of a list. */
export interface ListFeed<Item> {
  /** The page was told the whole list. */
  readonly told: (items: readonly Item[]) => void;
  readonly change: (items: readonly Item[]) => ListChange<Item>;
}

export function createListFeed<Item>(): ListFeed<Item> {
  let known: readonly string[] = [];
  return {
    told(items) {
      known = items.map((item) => toJson(item));
    },
    change(items) {
      const now = items.map((item) => toJson(item));
      const differs = now.findIndex((text, index) => text !== known[index]);
      const keep = differs === -1 ? now.length : differs;
      known = now;
      return { keep, items: items.slice(keep) };
    },
  };
}
