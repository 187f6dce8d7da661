import { afterAll, beforeAll, expect, test } from "vitest";
import { openWorkbench, type Workbench } from "./workbench.ts";

let workbench: Workbench;

beforeAll(async () => {
  workbench = await openWorkbench();
});
afterAll(() => workbench?.close());

test("the example run opens in a window that says it tests an extension, and nothing complains", async () => {
  await workbench.openFile("train.py");
  expect(await workbench.page.title()).toContain("Extension Development Host");
  await workbench.screenshot("open");
  expect((await workbench.notifications()).filter((text) => text.startsWith("error"))).toEqual([]);
});
