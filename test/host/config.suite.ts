import { strict as assert } from "node:assert";
import { rmSync, writeFileSync } from "node:fs";
import { suite, test } from "mocha";
import * as vscode from "vscode";
import { eventually, examplePath, exampleRun, exampleUri, openWritten } from "./gradlens.ts";
import { loop } from "./trainingLoops.ts";

function write(config: object): void {
  writeFileSync(examplePath("gradlens.config.json"), JSON.stringify(config));
}

async function codes(count: number, uri = exampleUri("metrics.jsonl")): Promise<unknown[]> {
  return eventually(`${count} findings`, () => {
    const shown = vscode.languages.getDiagnostics(uri).filter(({ source }) => source === "gradlens");
    const values = shown.map(({ code }) => String(typeof code === "object" ? code.value : code));
    return shown.length === count ? values.toSorted() : undefined;
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

  test("it switches rules of sources off, and ignores what they say of some files", async () => {
    await exampleRun();
    const { uri } = await openWritten("configured.py", loop("50.0"));
    const [never, differs] = ["GN411 threshold never clips", "GN413 threshold differs from the run's"];
    assert.deepEqual(await codes(2, uri), [never, differs]);
    try {
      write({ rules: { GN411: false } });
      assert.deepEqual(await codes(1, uri), [differs]);
      write({ ignore: [{ rule: "GN413", path: "config*.py" }] });
      assert.deepEqual(await codes(1, uri), [never]);
      write({ rules: { GN411: false, GN413: false } });
      assert.deepEqual(await codes(0, uri), []);
    } finally {
      rmSync(examplePath("gradlens.config.json"));
    }
    assert.deepEqual(await codes(2, uri), [never, differs]);
  });
});
