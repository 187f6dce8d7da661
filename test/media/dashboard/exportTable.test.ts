import { expect, test } from "vitest";
import { toCsv, toHtml, toMarkdown } from "#media/dashboard/export/table.ts";

const TABLE = {
  header: ["step", "a,b"],
  rows: [
    [1, Number.NaN],
    [2, null],
    [3, 0],
    [4, 'say "x"\n'],
  ],
};

test("CSV keeps NaN, zero and what is missing apart, and quotes what needs it", () => {
  expect(toCsv(TABLE)).toBe('step,"a,b"\r\n1,NaN\r\n2,\r\n3,0\r\n4,"say ""x""\n"\r\n');
});

test("no cell of a Markdown table begins a column, a link or a tag", () => {
  const table = { header: ["x"], rows: [["a|b"], ["[l](u)"], ["<b>\n"], [null]] };
  expect(toMarkdown(table)).toBe("| x |\n| --- |\n| a\\|b |\n| \\[l\\](u) |\n| \\<b\\>  |\n| – |\n");
});

test("HTML shows text as text", () => {
  expect(toHtml({ header: ["<i>"], rows: [["<b>"], [Number.NaN], [null]] })).toBe(
    '<table><thead><tr><th scope="col">&#60;i&#62;</th></tr></thead>\n' +
      '<tbody><tr><td>&#60;b&#62;</td></tr>\n<tr><td class="number">NaN</td></tr>\n<tr><td class="number">–</td></tr></tbody></table>',
  );
});
