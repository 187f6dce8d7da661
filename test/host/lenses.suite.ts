import { strict as assert } from "node:assert";
import { suite, test } from "mocha";
import * as vscode from "vscode";
import { eventually, exampleRun, openWritten, withSetting } from "./gradlens.ts";
import { loop, UNCLIPPED } from "./trainingLoops.ts";

suite("lenses and hints", () => {
  const LENS = "9: median 0.8754 · p99 7.042 · would clip 34 %";

  test("a lens stands above a clip call, and is off when its setting says so", async () => {
    await exampleRun();
    const document = await openWritten("lens.py", loop("1.0"));
    const lenses = await eventually("a lens", async () => {
      const found = await lensesOf(document);
      return found.length > 0 ? found : undefined;
    });
    assert.deepEqual(lenses, [LENS]);
    await withSetting("editor.codeLens", false, async () => assert.deepEqual(await lensesOf(document), []));
    assert.deepEqual(await lensesOf(document), [LENS]);
  });

  test("a lens stands above an optimizer step that nothing clips before", async () => {
    await exampleRun();
    const document = await openWritten("lensStep.py", UNCLIPPED);
    const [only, ...more] = await eventually("a lens", async () => {
      const found = await lensesOf(document);
      return found.length > 0 ? found : undefined;
    });
    assert.deepEqual([only, more], ["9: median 0.8754 · p99 7.042 · not clipped here", []]);
  });

  test("hints are off unless asked for", async () => {
    await exampleRun();
    const document = await openWritten("hint.py", loop("1.0"));
    await eventually("a lens", async () => ((await lensesOf(document)).length > 0 ? true : undefined));
    assert.deepEqual(await hintsOf(document), []);
    await withSetting("editor.inlayHints", true, async () =>
      assert.deepEqual(await hintsOf(document), ["9: clips 34 %"]),
    );
  });

  test("a source that neither clips nor steps has none, and one outside of the run's workspace folder has none", async () => {
    await exampleRun();
    const document = await openWritten("plain.py", "def clip_text(text):\n    return text[:10]\n");
    const untitled = await vscode.workspace.openTextDocument({ language: "javascript", content: "clip_grad_norm_(1)" });
    assert.deepEqual([await lensesOf(document), await lensesOf(untitled)], [[], []]);
  });
});

async function lensesOf(document: vscode.TextDocument): Promise<readonly string[]> {
  const found = await vscode.commands.executeCommand<vscode.CodeLens[]>(
    "vscode.executeCodeLensProvider",
    document.uri,
    100,
  );
  return found.flatMap(({ command, range }) =>
    command === undefined ? [] : [`${range.start.line + 1}: ${command.title}`],
  );
}

async function hintsOf(document: vscode.TextDocument): Promise<readonly string[]> {
  const whole = new vscode.Range(0, 0, document.lineCount, 0);
  const found = await vscode.commands.executeCommand<vscode.InlayHint[]>(
    "vscode.executeInlayHintProvider",
    document.uri,
    whole,
  );
  return found.map(({ label, position }) => `${position.line + 1}: ${typeof label === "string" ? label : ""}`);
}
