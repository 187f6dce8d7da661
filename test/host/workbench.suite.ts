import { strict as assert } from "node:assert";
import { suite, test } from "mocha";
import * as vscode from "vscode";

suite("the workbench under the tests", () => {
  test("carries the extension under test", () => {
    assert.ok(vscode.extensions.getExtension("gradlens.gradlens"));
  });

  test("is at least the oldest VS Code that the extension accepts", () => {
    const [major, minor] = vscode.version.split(".").map(Number);
    assert.ok(major === 1 && minor !== undefined && minor >= 110, vscode.version);
  });

  test("runs extensions on the Node that the scripts run on", () => {
    assert.equal(process.versions.node.split(".")[0], "24");
  });
});
