import { rmSync, writeFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { suite, test } from "mocha";
import * as vscode from "vscode";
import { eventually, examplePath, exampleRun, exampleUri, openWritten } from "./gradlens.ts";
import { loop } from "./trainingLoops.ts";

function write(config: object): void {
  writeFileSync(examplePath("gradlens.config.json"), JSON.stringify(config));
}

/** Waits until these are the findings on a file, in any order. */
async function haveCodes(codes: readonly string[], uri = exampleUri("metrics.jsonl")): Promise<void> {
  await eventually(`[${codes.join(", ")}] in ${uri.path}`, () => {
    const shown = vscode.languages.getDiagnostics(uri).filter(({ source }) => source === "gradlens");
    const values = shown.map(({ code }) => String(typeof code === "object" ? code.value : code));
    return isDeepStrictEqual(values.toSorted(), codes) ? true : undefined;
  });
}

suite("gradlens.config.json", () => {
  test("it switches rules off and ignores findings, in the moment it is written, and back when it is gone", async () => {
    await exampleRun();
    await haveCodes(["GN201 spike"]);
    try {
      write({ rules: { GN201: false } });
      await haveCodes([]);
      write({ ignore: [{ rule: "GN201", path: "diverged/**" }] });
      await haveCodes(["GN201 spike"]);
      write({ ignore: [{ rule: "GN201", path: "*.jsonl" }] });
      await haveCodes([]);
    } finally {
      rmSync(examplePath("gradlens.config.json"));
    }
    await haveCodes(["GN201 spike"]);
  });

  test("it switches rules of sources off, and ignores what they say of some files", async () => {
    await exampleRun();
    const { uri } = await openWritten("configured.py", loop("50.0"));
    const [never, differs] = ["GN411 threshold never clips", "GN413 threshold differs from the run's"];
    await haveCodes([never, differs], uri);
    try {
      write({ rules: { GN411: false } });
      await haveCodes([differs], uri);
      write({ ignore: [{ rule: "GN413", path: "config*.py" }] });
      await haveCodes([never], uri);
      write({ rules: { GN411: false, GN413: false } });
      await haveCodes([], uri);
    } finally {
      rmSync(examplePath("gradlens.config.json"));
    }
    await haveCodes([never, differs], uri);
  });
});
