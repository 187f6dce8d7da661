import { expect, test } from "vitest";
import { requireNode } from "#cli/nodeVersion.ts";

test.each(["18.20.4", "20.20.2", "21.7.3"])("Node %s is refused by name", (version) => {
  expect(() => requireNode(version)).toThrow(`this is Node ${version}; Gradlens needs Node 22 or newer`);
});

test.each(["22.0.0", "24.21.0", "100.1.0"])("Node %s is taken", (version) => {
  expect(() => requireNode(version)).not.toThrow();
});
