import { expect, test } from "vitest";
import { svg, toFile, toText } from "#media/vector/node.ts";

test("a picture is a file that stands for itself", () => {
  const picture = svg("svg", { width: 2 }, [svg("rect", { x: 0.5 })]);
  expect(toFile(picture)).toBe(
    '<?xml version="1.0" encoding="UTF-8"?>\n<svg xmlns="http://www.w3.org/2000/svg" width="2"><rect x="0.5"></rect></svg>\n',
  );
});

test.each([
  ["<script>", "&#60;script&#62;"],
  ["a & \"b\" 'c'", "a &#38; &#34;b&#34; &#39;c&#39;"],
  ["bell\u0007", "bell\uFFFD"],
])("the text %j can do nothing", (text, written) => {
  expect(toText(svg("text", { id: text }, [text]))).toBe(`<text id="${written}">${written}</text>`);
});
