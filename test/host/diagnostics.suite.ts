import { strict as assert } from "node:assert";
import { suite, test } from "mocha";
import * as vscode from "vscode";
import { eventually, examplePath, exampleRun, exampleUri, withSetting } from "./gradlens.ts";

interface Shown {
  readonly line: number;
  readonly severity: string;
  readonly code: unknown;
  readonly message: string;
}

function shownIn(uri: vscode.Uri): Shown[] {
  return vscode.languages
    .getDiagnostics(uri)
    .filter(({ source }) => source === "gradlens")
    .map(({ range, severity, code, message }) => ({
      line: range.start.line + 1,
      severity: vscode.DiagnosticSeverity[severity],
      code: typeof code === "object" ? code.value : code,
      message,
    }));
}

async function diagnosticsOf(uri: vscode.Uri, count: number): Promise<Shown[]> {
  return eventually(`${count} diagnostics of ${uri.path}`, () => {
    const shown = shownIn(uri);
    return shown.length === count ? shown : undefined;
  });
}

const configuration = (): vscode.WorkspaceConfiguration => vscode.workspace.getConfiguration("gradlens");
const ignored = (): unknown => vscode.workspace.getConfiguration("gradlens").get("tensors.ignore");

suite("diagnostics", () => {
  test("the spike stands on the log line of its peak and names the tensor behind it", async () => {
    await exampleRun();
    assert.deepEqual(await diagnosticsOf(exampleUri("metrics.jsonl"), 1), [
      {
        line: 242,
        severity: "Warning",
        code: "GN201 spike",
        message:
          "Gradient norm jumped to 10.58 at step 241, 15.83× the recent median 0.6683 (robust z 12.36). transformer.wte.weight carries 52 % of its square, 45 % before, then transformer.h.0.attn.c_proj.bias 14 %, lm_head.weight 8 %, transformer.h.0.attn.c_attn.weight 6 %. transformer.h.0.attn.c_proj.bias rose most, from 6 % to 14 %.",
      },
    ]);
  });

  test("the line that holds it really shows the peak", async () => {
    const document = await vscode.workspace.openTextDocument(exampleUri("metrics.jsonl"));
    assert.match(document.lineAt(241).text, /"step": ?241,.*"grad_norm": ?10\.57/);
  });

  test("a run that ends in NaN is an error on its first NaN line", async () => {
    await vscode.commands.executeCommand("gradlens.followRun", examplePath("diverged"));
    const shown = await diagnosticsOf(exampleUri("diverged", "metrics.jsonl"), 2);
    assert.deepEqual(
      shown.map(({ line, severity, code }) => ({ line, severity, code })),
      [
        { line: 26, severity: "Warning", code: "GN201 spike" },
        { line: 27, severity: "Error", code: "GN101 non-finite norm" },
      ],
    );
    assert.match(shown[1]?.message ?? "", /became NaN at step 26; 35 non-finite values so far.*14 of 41|13 more of 41/);
  });

  test("rules and all findings can be switched off without a reload, and rules that are off by default switched on", async () => {
    await exampleRun();
    const log = exampleUri("metrics.jsonl");
    await diagnosticsOf(log, 1);
    await withSetting("rules.enabled", { GN201: false }, async () => void (await diagnosticsOf(log, 0)));
    await withSetting("diagnostics.enabled", false, async () => void (await diagnosticsOf(log, 0)));
    await withSetting("rules.enabled", { GN305: true }, async () => {
      const shown = await eventually("a tensor's spike", () => {
        const found = shownIn(log).filter(({ code }) => code === "GN305 tensor spike");
        return found.length > 0 ? found : undefined;
      });
      assert.match(shown[0]?.message ?? "", /transformer\./);
    });
    await diagnosticsOf(log, 1);
  });

  test("a tensor can be ignored from its finding, once, and has none then", async () => {
    await exampleRun();
    const log = exampleUri("metrics.jsonl");
    await withSetting("rules.enabled", { GN305: true }, async () => {
      const spikes = (): readonly vscode.Diagnostic[] =>
        vscode.languages
          .getDiagnostics(log)
          .filter(({ code }) => typeof code === "object" && code.value === "GN305 tensor spike");
      const [first] = await eventually("a tensor's spike", () => (spikes().length > 0 ? spikes() : undefined));
      assert.ok(first);
      const document = await vscode.workspace.openTextDocument(log);
      const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
        "vscode.executeCodeActionProvider",
        document.uri,
        first.range,
      );
      const ignore = actions.find(({ title }) => title.startsWith("Ignore tensor "));
      const tensor: unknown = ignore?.command?.arguments?.[0];
      assert.ok(typeof tensor === "string" && first.message.includes(tensor));
      await vscode.commands.executeCommand("gradlens.ignoreTensor", tensor);
      await vscode.commands.executeCommand("gradlens.ignoreTensor", tensor);
      assert.deepEqual(ignored(), [tensor]);
      await eventually("no finding of it", () =>
        spikes().some(({ message }) => message.includes(tensor)) ? undefined : true,
      );
      await configuration().update("tensors.ignore", undefined, vscode.ConfigurationTarget.Workspace);
    });
  });

  test("the menu of a chart ignores a rule and a tensor as the quick fixes do", async () => {
    await vscode.commands.executeCommand("gradlens.ignorePointRule", { webviewSection: "point", rule: "GN201" });
    await vscode.commands.executeCommand("gradlens.ignorePointTensor", { webviewSection: "tensor", tensor: "h.0.w" });
    await vscode.commands.executeCommand("gradlens.ignorePointTensor", { webviewSection: "tensor" });
    const said = [configuration().inspect("rules.enabled")?.workspaceValue, ignored()];
    await configuration().update("rules.enabled", undefined, vscode.ConfigurationTarget.Workspace);
    await configuration().update("tensors.ignore", undefined, vscode.ConfigurationTarget.Workspace);
    assert.deepEqual(said, [{ GN201: false }, ["h.0.w"]]);
  });

  test("a run that is no longer followed has no diagnostics", async () => {
    await vscode.commands.executeCommand("gradlens.unfollowRun", examplePath("diverged"));
    assert.deepEqual(await diagnosticsOf(exampleUri("diverged", "metrics.jsonl"), 0), []);
  });
});
