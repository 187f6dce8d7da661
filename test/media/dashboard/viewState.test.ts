import { expect, test } from "vitest";
import { FIRST_VIEW, parseViewState, storedForm } from "#media/dashboard/viewState.ts";
import type { ViewState } from "#media/dashboard/viewState.ts";

test("what was stored comes back", () => {
  const state: ViewState = {
    runId: "a",
    range: { min: 1, max: 2 },
    findings: { hidden: ["info"], rule: "GN201" },
    tab: "compare",
    tabStates: { compare: { with: "b" } },
    order: { column: "name", descending: false },
    filter: "x",
  };
  expect(parseViewState(JSON.parse(JSON.stringify(storedForm(state))))).toEqual(state);
});

test.each([undefined, null, 7, "text", [], { version: 0, filter: "x" }, { version: 1, range: { min: 3, max: 3 } }])(
  "%j counts as no state",
  (stored) => {
    expect(parseViewState(stored)).toEqual(FIRST_VIEW);
  },
);
