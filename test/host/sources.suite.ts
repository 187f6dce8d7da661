import { strict as assert } from "node:assert";
import { suite, suiteTeardown, test } from "mocha";
import * as vscode from "vscode";
import { eventually, examplePath, exampleRun, openWritten, withSetting, writeSource } from "./gradlens.ts";
import { loop, UNCLIPPED } from "./trainingLoops.ts";

const SCALED = `import torch

scaler = torch.cuda.amp.GradScaler()


def train(model, optimizer, batches):
    for batch in batches:
        scaler.scale(model(batch)).backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        scaler.step(optimizer)
        scaler.update()
`;

/** Sources and settings as trainers know them, with the rules that the example run makes of them. */
const SOURCES: readonly { readonly file: string; readonly text: string; readonly rules: readonly string[] }[] = [
  { file: "always.py", text: loop("0.05"), rules: ["GN412", "GN413"] },
  { file: "never.py", text: loop("50.0"), rules: ["GN411", "GN413"] },
  { file: "same.py", text: loop("1.0"), rules: [] },
  { file: "scaled.py", text: SCALED, rules: ["GN415"] },
  {
    file: "trainer.py",
    text: "args = TrainingArguments(output_dir='out', max_grad_norm=99.0)\n",
    rules: ["GN411", "GN413"],
  },
  { file: "lightning.py", text: "trainer = Trainer(gradient_clip_val=99.0)\n", rules: ["GN411", "GN413"] },
  {
    file: "chain.py",
    text: "import optax\ntx = optax.chain(optax.clip_by_global_norm(99.0), optax.adam(1e-3))\n",
    rules: ["GN411", "GN413"],
  },
  {
    file: "accelerated.py",
    text: "accelerator.clip_grad_norm_(model.parameters(), 99.0)\n",
    rules: ["GN411", "GN413"],
  },
  { file: "deepspeed.json", text: '{\n  "gradient_clipping": 99.0\n}\n', rules: ["GN411", "GN413"] },
  { file: "hydra.yaml", text: "trainer:\n  gradient_clip_val: 99.0\n", rules: ["GN411", "GN413"] },
  { file: "torchtitan.toml", text: "[training]\nmax_norm = 99.0\n", rules: ["GN411", "GN413"] },
  { file: "ignored.py", text: loop("50.0)  # gradlens: ignore GN411, GN413\n        print(0"), rules: [] },
  {
    file: "unrelated.py",
    text: "print('clip_grad_norm_(model.parameters(), 99.0)')  # max_grad_norm=99.0\n",
    rules: [],
  },
];

function rulesIn(document: vscode.TextDocument): readonly string[] {
  return ownDiagnostics(document).map(codeOf).toSorted();
}

function ownDiagnostics(document: vscode.TextDocument): readonly vscode.Diagnostic[] {
  return vscode.languages.getDiagnostics(document.uri).filter(({ source }) => source === "gradlens");
}

function codeOf({ code }: vscode.Diagnostic): string {
  assert.ok(typeof code === "object" && typeof code.value === "string");
  assert.match(code.target.toString(), /docs\/rules\.md#L\d+$/);
  return code.value.slice(0, 5);
}

async function settled(document: vscode.TextDocument, rules: readonly string[]): Promise<void> {
  await eventually(`${rules.join()} in ${document.fileName}, not ${rulesIn(document).join()}`, () =>
    rulesIn(document).join() === rules.join() ? true : undefined,
  );
}

/** Our actions where a rule has its finding; those of other findings of the place are among them. */
async function actionsFor(document: vscode.TextDocument, rule: string): Promise<readonly vscode.CodeAction[]> {
  const diagnostic = ownDiagnostics(document).find((one) => codeOf(one) === rule);
  assert.ok(diagnostic, `${rule} is not in ${document.fileName}`);
  const found = await vscode.commands.executeCommand<vscode.CodeAction[]>(
    "vscode.executeCodeActionProvider",
    document.uri,
    diagnostic.range,
  );
  return found.filter(({ title }) => /^(?:Change|Insert) \S*(?:clip|unscale)|GN\d+/.test(title));
}

/** Applies an action as people do, in an editor, so that it can be undone. */
async function apply(document: vscode.TextDocument, { edit }: vscode.CodeAction): Promise<void> {
  assert.ok(edit);
  await vscode.window.showTextDocument(document);
  assert.ok(await vscode.workspace.applyEdit(edit));
}

const said = (): unknown => vscode.workspace.getConfiguration("gradlens").inspect("rules.enabled")?.workspaceValue;

const titles = (actions: readonly vscode.CodeAction[]): readonly string[] => actions.map(({ title }) => title);

suite("sources that clip", () => {
  suiteTeardown(() => vscode.commands.executeCommand("workbench.action.closeAllEditors"));

  for (const { file, text, rules } of SOURCES) {
    test(`${file} has ${rules.length === 0 ? "nothing" : rules.join(" and ")} in Problems`, async () => {
      await exampleRun();
      const document = await openWritten(file, text);
      const control = await openWritten(`control/${file}.py`, loop("70.0"));
      await settled(control, ["GN411", "GN413"]); // So that nothing is not only nothing yet.
      await settled(document, rules);
    });
  }

  test("Problems has at most 100 of a file, and none before half a second", async () => {
    await exampleRun();
    const calls = Array.from(
      { length: 150 },
      (_, index) => `torch.nn.utils.clip_grad_norm_(model.parameters(), ${50 + index})\n`,
    );
    const startMs = performance.now();
    const document = await openWritten("many.py", `import torch\n${calls.join("")}`);
    await eventually("findings in many.py", () => (ownDiagnostics(document).length > 0 ? true : undefined));
    assert.ok(performance.now() - startMs >= 500);
    assert.equal(ownDiagnostics(document).length, 100);
  });

  test("a finding names its threshold and share, and points at the largest norm in the log", async () => {
    await exampleRun();
    const document = await openWritten("never.py", loop("50.0"));
    await settled(document, ["GN411", "GN413"]);
    const [never] = ownDiagnostics(document).filter((one) => codeOf(one) === "GN411");
    assert.equal(never?.severity, vscode.DiagnosticSeverity.Information);
    assert.match(never.message, /^clip_grad_norm_ 50 clips 0 % of the 350 logged steps of char-transformer/);
    const [related, ...more] = never.relatedInformation ?? [];
    assert.deepEqual(more, []);
    assert.match(related?.message ?? "", /The largest norm, 10\.58, at step 241/);
    assert.deepEqual(
      [related?.location.uri.fsPath, related?.location.range.start.line],
      [examplePath("metrics.jsonl"), 241],
    );
  });

  test("a quick fix changes the threshold, can be undone, and leaves nothing to fix", async () => {
    await exampleRun();
    const document = await openWritten("fixed.py", loop("50.0"));
    await settled(document, ["GN411", "GN413"]);
    const actions = await actionsFor(document, "GN411");
    assert.deepEqual(titles(actions), [
      "Change clip_grad_norm_ to 1 (the run's own)",
      "Change clip_grad_norm_ to 4.25 (spikes only: clips 2 %)",
      "Change clip_grad_norm_ to 7.32 (the heavy tail: clips 0.86 %)",
      "Change clip_grad_norm_ to 1.37 (the largest tenth: clips 10 %)",
      "Ignore GN411 here",
      "Ignore GN413 here",
      "Switch off GN411 in this workspace",
      "Switch off GN413 in this workspace",
    ]);
    assert.deepEqual(
      actions.findIndex(({ isPreferred }) => isPreferred === true),
      0,
    );
    const [first] = actions;
    assert.ok(first);
    await apply(document, first);
    assert.equal(document.getText(), loop("1.0"));
    await settled(document, []);
    await vscode.commands.executeCommand("undo");
    assert.equal(document.getText(), loop("50.0"));
    await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
  });

  test("a comment ignores one rule at one place, once", async () => {
    await exampleRun();
    const document = await openWritten("commented.py", loop("50.0"));
    await settled(document, ["GN411", "GN413"]);
    const ignore = (await actionsFor(document, "GN411")).find(({ title }) => title === "Ignore GN411 here");
    assert.ok(ignore);
    await apply(document, ignore);
    assert.match(document.getText(), /max_norm=50\.0\) {2}# gradlens: ignore GN411\n/);
    await settled(document, ["GN413"]);
    const again = (await actionsFor(document, "GN413")).find(({ title }) => title === "Ignore GN413 here");
    assert.ok(again);
    await apply(document, again);
    assert.match(document.getText(), /# gradlens: ignore GN411, GN413\n/);
    await settled(document, []);
    await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
  });

  test("in a run that exploded without clipping, the call is inserted before the step, and then nothing is missing", async () => {
    await vscode.commands.executeCommand("gradlens.followRun", examplePath("diverged"));
    const document = await openWritten("diverged/unclipped.py", UNCLIPPED);
    await settled(document, ["GN414"]);
    const [diagnostic] = ownDiagnostics(document);
    assert.match(diagnostic?.relatedInformation?.[0]?.message ?? "", /jumped to 3\.686e\+7 at step 25/);
    const inserts = (await actionsFor(document, "GN414")).filter(({ title }) => title.startsWith("Insert"));
    // The run ended before fifty norms counted: there is no threshold to advise.
    assert.deepEqual(titles(inserts), [
      "Insert clip_grad_norm_ with 1 (a usual value; the run is too short for advice)",
    ]);
    const [insert] = inserts;
    assert.ok(insert);
    await apply(document, insert);
    assert.match(document.getText(), /clip_grad_norm_\(.*, 1\.0\)\n {8}optimizer\.step\(\)/);
    await settled(document, []);
    await vscode.commands.executeCommand("undo");
    assert.equal(document.getText(), UNCLIPPED);
    await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
    await vscode.commands.executeCommand("gradlens.unfollowRun", examplePath("diverged"));
  });

  test("gradients that are clipped while scaled are unscaled before", async () => {
    await exampleRun();
    const document = await openWritten("scaledFix.py", SCALED);
    await settled(document, ["GN415"]);
    const [insert] = await actionsFor(document, "GN415");
    assert.ok(insert);
    await apply(document, insert);
    assert.match(document.getText(), /scaler\.unscale_\(optimizer\)\n {8}torch\.nn\.utils\.clip_grad_norm_/);
    await settled(document, []);
    await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
  });

  test("switching a rule off in the workspace is a setting, made once, that works at once", async () => {
    await exampleRun();
    const document = await openWritten("switched.py", loop("50.0"));
    await settled(document, ["GN411", "GN413"]);
    const off = (await actionsFor(document, "GN413")).find(
      ({ title }) => title === "Switch off GN413 in this workspace",
    );
    assert.deepEqual(off?.command?.arguments, ["GN413"]);
    await vscode.commands.executeCommand("gradlens.ignoreRule", "GN413");
    await settled(document, ["GN411"]);
    assert.deepEqual(said(), { GN413: false });
    await vscode.commands.executeCommand("gradlens.ignoreRule", "GN413");
    assert.deepEqual(said(), { GN413: false });
    await vscode.workspace
      .getConfiguration("gradlens")
      .update("rules.enabled", undefined, vscode.ConfigurationTarget.Workspace);
    await settled(document, ["GN411", "GN413"]);
  });

  test("every rule of sources, and all of them, can be switched off without a reload", async () => {
    await exampleRun();
    const document = await openWritten("off.py", loop("50.0"));
    await settled(document, ["GN411", "GN413"]);
    await withSetting("rules.enabled", { GN411: false, GN413: false }, () => settled(document, []));
    await withSetting("diagnostics.enabled", false, () => settled(document, []));
    await settled(document, ["GN411", "GN413"]);
  });

  test("a file that is closed, and a run that is no longer followed, leave nothing in Problems", async () => {
    await exampleRun();
    const document = await openWritten("left.py", loop("50.0"));
    await vscode.window.showTextDocument(document);
    await settled(document, ["GN411", "GN413"]);
    await vscode.commands.executeCommand("gradlens.unfollowRun", examplePath());
    await settled(document, []);
    await exampleRun(); // It shows the dashboard, which may take the place of the editor.
    await vscode.window.showTextDocument(document, { preview: false });
    await settled(document, ["GN411", "GN413"]);
  });

  test("a file that is closed leaves nothing in Problems", async () => {
    await exampleRun();
    const uri = writeSource("closed.py", loop("50.0"));
    await vscode.commands.executeCommand("vscode.open", uri, { preview: false });
    const document = await eventually("the file", () =>
      vscode.workspace.textDocuments.find(({ fileName }) => fileName === uri.fsPath),
    );
    await settled(document, ["GN411", "GN413"]);
    await vscode.commands.executeCommand("workbench.action.closeActiveEditor");
    await settled(document, []);
  });

  test("a place that nothing is wrong with offers other thresholds to those who ask for a refactoring", async () => {
    await exampleRun();
    const document = await openWritten("asked.py", loop("1.0"));
    const at = document.positionAt(document.getText().indexOf("max_norm=1.0"));
    const actions = await eventually("thresholds", async () => {
      const found = await vscode.commands.executeCommand<vscode.CodeAction[]>(
        "vscode.executeCodeActionProvider",
        document.uri,
        new vscode.Range(at, at),
        vscode.CodeActionKind.RefactorRewrite.value,
      );
      return found.length > 0 ? found : undefined;
    });
    assert.deepEqual(titles(actions), [
      "Change clip_grad_norm_ to 4.25 (spikes only: clips 2 %)",
      "Change clip_grad_norm_ to 7.32 (the heavy tail: clips 0.86 %)",
      "Change clip_grad_norm_ to 1.37 (the largest tenth: clips 10 %)",
    ]);
  });
});
