import { expect, test } from "vitest";
import { composeAnswer, utf8Length } from "#answers/compose.ts";
import { DATA_NOTE } from "#answers/dataText.ts";

const numbers = Array.from({ length: 300 }, (_, index) => index);

function rowOf(item: number): string {
  return `- row ${item} – with a dash`;
}

function compose(
  page: { offset?: number; limit?: number },
  mostBytes = 2048,
  items: readonly number[] = numbers,
): string {
  return composeAnswer({ head: ["Head."], items, rowOf, what: "rows", page, tail: ["Tail."] }, mostBytes);
}

test("an answer in which everything fits says nothing of pages", () => {
  expect(compose({}, 2048, [7])).toBe(`Head.\n- row 7 – with a dash\nTail.\n${DATA_NOTE}`);
});

test("rows that were asked for and do not fit are counted", () => {
  const answer = compose({ limit: 100 });
  const shown = answer.match(/^- row/gm)?.length ?? 0;
  expect(answer).toContain(
    `\nShown: 1 to ${shown} of 300 rows. Ask with offset ${shown} for more, or narrow the question.\nTail.`,
  );
  expect([shown > 50, shown < 100]).toEqual([true, true]);
});

test("pages follow each other without a gap, up to the last row", () => {
  const seen: string[] = [];
  for (let offset: number | undefined = 0; offset !== undefined;) {
    const answer: string = compose({ offset, limit: 100 });
    seen.push(...(answer.match(/^- row \d+/gm) ?? []));
    const next = /Ask with offset (\d+)/.exec(answer)?.[1];
    offset = next === undefined ? undefined : Number(next);
  }
  expect(seen).toEqual(numbers.map((item) => `- row ${item}`));
});

test("an offset behind the last row says so", () => {
  expect(compose({ offset: 300 })).toContain("\nThere are 300 rows; none from offset 300 on.\n");
});

test.each([64, 100, 200, 500, 2048])("an answer of at most %i bytes has no more", (mostBytes) => {
  for (const limit of [1, 20, 100]) {
    expect(Buffer.byteLength(compose({ limit, offset: 150 }, mostBytes))).toBeLessThanOrEqual(mostBytes);
  }
});

test.each(["", "plain", "é", "…", "層", "😀", "a😀…é"])("the bytes of %o are those of UTF-8", (text) => {
  expect(utf8Length(text)).toBe(Buffer.byteLength(text));
});
