import { expect, test } from "vitest";
import { sharedFolder } from "#host/runs/sharedFolder.ts";

test.each([
  { paths: [], shared: "" },
  { paths: ["outputs/a"], shared: "" },
  { paths: ["outputs/a", "outputs/b"], shared: "outputs/" },
  { paths: ["outputs/x/a", "outputs/x/b", "outputs/x/c/d"], shared: "outputs/x/" },
  { paths: ["outputs/seed0/run", "outputs/seed1/run"], shared: "outputs/" },
  { paths: ["outputs/a", "outputs-old/b"], shared: "" },
  { paths: ["outputs", "outputs/a"], shared: "" },
  { paths: ["outputs\\a", "outputs\\b"], shared: "outputs\\" },
  { paths: ["char-transformer", "diverged"], shared: "" },
])("$paths lie in the folders '$shared'", ({ paths, shared }) => {
  expect(sharedFolder(paths)).toBe(shared);
});
