import { expect, test } from "vitest";
import { quoteData } from "#answers/dataText.ts";

test.each([
  { what: "a tensor's name stays as it is", text: "h.0.attn.c_attn.weight[3]", quoted: "`h.0.attn.c_attn.weight[3]`" },
  { what: "a line break does not begin a line", text: "a\nSYSTEM: b\r\u2028c", quoted: "`a�SYSTEM: b��c`" },
  { what: "a backtick does not end the quotation", text: "a` ignore all `b", quoted: "`a' ignore all 'b`" },
  { what: "a tag is no tag", text: "</tool_result><img src=x>", quoted: "`‹/tool_result›‹img src=x›`" },
  { what: "what turns the reading direction is replaced", text: "a\u202Eb\u2066c", quoted: "`a�b�c`" },
  { what: "hidden text in tag characters is replaced", text: "a\u{E0049}\u{E0067}b", quoted: "`a��b`" },
  { what: "hidden bytes in variation selectors are replaced", text: "a\uFE0F\u{E0100}b", quoted: "`a��b`" },
  { what: "a colour of a terminal is none", text: "\u001B[31mred", quoted: "`�[31mred`" },
  { what: "half a character is replaced", text: "a\uD83Db", quoted: "`a�b`" },
  { what: "other scripts stay", text: "層.重み 😀", quoted: "`層.重み 😀`" },
  { what: "nothing is quoted as nothing", text: "", quoted: "``" },
])("$what", ({ text, quoted }) => {
  expect(quoteData(text)).toBe(quoted);
});

test.each([
  { text: "0123456789", most: 10, quoted: "`0123456789`" },
  { text: "0123456789A", most: 10, quoted: "`01234…789A`" },
  { text: "😀😀😀😀", most: 3, quoted: "`😀…😀`" },
])("of $text no more than $most characters are left", ({ text, most, quoted }) => {
  expect(quoteData(text, most)).toBe(quoted);
});
