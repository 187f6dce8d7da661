import { strict as assert } from "node:assert";
import { suite, test } from "mocha";
import * as vscode from "vscode";
import { eventually, examplePath, exampleRun, exampleUri } from "./gradlens.ts";

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
      code,
      message,
    }));
}

async function diagnosticsOf(uri: vscode.Uri, count: number): Promise<Shown[]> {
  return eventually(`${count} diagnostics of ${uri.path}`, () => {
    const shown = shownIn(uri);
    return shown.length === count ? shown : undefined;
  });
}

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

  test("a run that is no longer followed has no diagnostics", async () => {
    await vscode.commands.executeCommand("gradlens.unfollowRun", examplePath("diverged"));
    assert.deepEqual(await diagnosticsOf(exampleUri("diverged", "metrics.jsonl"), 0), []);
  });
});
