import { expect, test } from "vitest";
import { createListFeed } from "#host/dashboard/listFeed.ts";
import { growList } from "#media/dashboard/grow.ts";

const { NaN: nan } = Number;

test.each([
  { what: "nothing", before: [{ a: 1 }, { a: 2 }], now: [{ a: 1 }, { a: 2 }], told: 0 },
  { what: "one more", before: [{ a: 1 }], now: [{ a: 1 }, { a: 2 }], told: 1 },
  { what: "the last edited in place", before: [{ a: 1 }, { a: 2 }], now: [{ a: 1 }, { a: 3 }], told: 1 },
  { what: "one less", before: [{ a: 1 }, { a: 2 }], now: [{ a: 1 }], told: 0 },
  { what: "one in the middle", before: [{ a: 1 }, { a: 3 }], now: [{ a: 1 }, { a: 2 }, { a: 3 }], told: 2 },
  { what: "NaN where there was infinity", before: [{ a: Infinity }], now: [{ a: nan }], told: 1 },
  { what: "all gone", before: [{ a: 1 }], now: [], told: 0 },
])("of a list in which $what is new, $told items are told, and the page has the new list", ({ before, now, told }) => {
  const feed = createListFeed<{ readonly a: number }>();
  feed.told(before);
  const change = feed.change(now);
  expect([change.items.length, growList(before, change)]).toEqual([told, now]);
  expect(feed.change(now)).toEqual({ keep: now.length, items: [] });
});
