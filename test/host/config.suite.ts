import { strict as assert } from "node:assert";
import { rmSync, writeFileSync } from "node:fs";
import { suite, test } from "mocha";
import * as vscode from "vscode";
import { eventually, examplePath, exampleRun, exampleUri } from "./gradlens.ts";

function write(config: object): void {
  writeFileSync(examplePath("gradlens.config.json"), JSON.stringify(config));
}

async function codes(count: number): Promise<unknown[]> {
  return eventually(`${count} findings`, () => {
    const shown = vscode.languages
      .getDiagnostics(exampleUri("metrics.jsonl"))
      .filter(({ source }) => source === "gradlens");
    return shown.length === count ? shown.map(({ code }) => (typeof code === "object" ? code.value : code)) : undefined;
  });
}

suite("gradlens.config.json", () => {
  test("it switches rules off and ignores findings, in the moment it is written, and back when it is gone", async () => {
    await exampleRun();
    assert.deepEqual(await codes(1), ["GN201 spike"]);
    try {
      write({ rules: { GN201: false } });
      assert.deepEqual(await codes(0), []);
      write({ ignore: [{ rule: "GN201", path: "diverged/**" }] });
      assert.deepEqual(await codes(1), ["GN201 spike"]);
      write({ ignore: [{ rule: "GN201", path: "*.jsonl" }] });
      assert.deepEqual(await codes(0), []);
    } finally {
      rmSync(examplePath("gradlens.config.json"));
    }
    assert.deepEqual(await codes(1), ["GN201 spike"]);
  });
});
