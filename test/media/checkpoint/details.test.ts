import { expect, test } from "vitest";
import { uriIn } from "#media/checkpoint/compare/dropTarget.ts";
import { positionOf } from "#media/checkpoint/details/position.ts";
import { parseViewState, storedForm } from "#media/checkpoint/viewState.ts";

test.each([
  { shape: [], index: 0, position: [] },
  { shape: [7], index: 5, position: [5] },
  { shape: [2, 3, 4], index: 23, position: [1, 2, 3] },
  { shape: [50_000, 100_000], index: 4_999_999_999, position: [49_999, 99_999] },
])("element $index of $shape stands at $position", ({ shape, index, position }) => {
  expect(positionOf(shape, index)).toEqual(position);
});

test.each([
  {
    what: "a list of VS Code",
    data: { "application/vnd.code.uri-list": "file:///a.pt\r\nfile:///b.pt" },
    uri: "file:///a.pt",
  },
  { what: "paths of the Explorer", data: { codefiles: '["/a.pt"]' }, uri: "file:///a.pt" },
  { what: "a list that is none", data: { codefiles: "[/a.pt", "text/plain": "file:///b.pt" }, uri: "file:///b.pt" },
  { what: "nothing", data: {}, uri: undefined },
] as { what: string; data: Record<string, string>; uri: string | undefined }[])(
  "of what is dropped, $what gives $uri",
  ({ data, uri }) => {
    expect(uriIn({ getData: (type) => data[type] ?? "" })).toBe(uri);
  },
);

test("how the page looked is kept, and what an older page stored is not taken for it", () => {
  const state = { ...parseViewState(undefined), tab: "compare", isList: true, opened: ["/h"], filter: "w" } as const;
  expect([parseViewState(storedForm(state)), parseViewState({ version: 1, filter: "w" }).filter]).toEqual([state, ""]);
});
