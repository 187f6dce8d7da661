import { strict as assert } from "node:assert";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite, suiteSetup, suiteTeardown, test } from "mocha";
import * as vscode from "vscode";
import { eventually, examplePath, exampleRun, gradlens } from "./gradlens.ts";

const MOST_BYTES = 2048;

/** The text a tool answers with; never more than agents are promised. */
async function ask(name: string, input: object, token?: vscode.CancellationToken): Promise<string> {
  const options = { input, toolInvocationToken: undefined };
  const { content } = await vscode.lm.invokeTool(`gradlens_${name}`, options, token);
  const [part] = content;
  assert.ok(part instanceof vscode.LanguageModelTextPart);
  assert.ok(Buffer.byteLength(part.value) <= MOST_BYTES);
  return part.value;
}

/** The tool of the server that the editor runs; its name says where it comes from. */
function served(): vscode.LanguageModelToolInformation | undefined {
  return vscode.lm.tools.find(({ name }) => /^mcp_.*_list_runs$/.test(name));
}

suite("agents", () => {
  const outside = mkdtempSync(join(tmpdir(), "gradlens-outside-"));

  suiteSetup(async () => {
    writeFileSync(join(outside, "metrics.jsonl"), '{"step":1,"grad_norm":1}\n');
    await exampleRun();
  });
  suiteTeardown(() => rmSync(outside, { recursive: true, force: true }));

  test("the five tools are there, as the manifest has them", () => {
    const names = vscode.lm.tools.filter(({ tags }) => tags.includes("gradlens")).map(({ name }) => name);
    assert.deepEqual(names.toSorted(), [
      "gradlens_find_anomalies",
      "gradlens_get_norms",
      "gradlens_inspect_checkpoint",
      "gradlens_list_runs",
      "gradlens_recommend_clipping",
    ]);
  });

  test("the runs of the workspace are listed, and a followed one says where it is", async () => {
    const text = await ask("list_runs", {});
    assert.ok(
      text.includes(`\`${examplePath()}\`: log: huggingFaceConsole, jsonl, trainerState; 6 checkpoints up to step 400`),
    );
    assert.match(text, /at step 400, \d+ finding/);
  });

  test("the norms of a followed run, and of one that is not, are read", async () => {
    const { store } = await gradlens();
    const followed = await ask("get_norms", { run: examplePath(), tensor: "*wte*" });
    assert.match(followed, /global norm `grad_norm`: 400 points; .* max 10\.58 at step 241/);
    assert.match(followed, /- `transformer\.wte\.weight`: 400 points/);
    assert.equal(store.get(examplePath("diverged")), undefined);
    const other = await ask("get_norms", { run: examplePath("diverged") });
    assert.match(other, /global norm `grad_norm`: 60 points; .*; 35 NaN/);
    assert.equal(store.get(examplePath("diverged")), undefined);
  });

  test("anomalies are found, with the line of the log", async () => {
    assert.match(
      await ask("find_anomalies", { run: examplePath("diverged"), severity: "error" }),
      /error GN101 non-finite norm, global norm, steps 26 to now .*`metrics\.jsonl` line 27/,
    );
  });

  test("clip thresholds are recommended", async () => {
    const text = await ask("recommend_clipping", { run: examplePath(), max_norm: [0.5] });
    assert.match(text, /- given: max_norm 0\.5, clips 97 % of the steps/);
  });

  test("a checkpoint is inspected by its header", async () => {
    const text = await ask("inspect_checkpoint", { path: examplePath("checkpoint-200", "grads.safetensors") });
    assert.match(text, /safetensors, 385 kB, 41 tensors/);
  });

  test("a path outside of the workspace is refused with a sentence that says what may be read", async () => {
    for (const run of [outside, join(outside, "metrics.jsonl"), join(examplePath(), "..", "missing"), "/etc/passwd"]) {
      await assert.rejects(ask("get_norms", { run }), /Nothing that may be read is at .*gradlens_list_runs/);
    }
    await assert.rejects(ask("inspect_checkpoint", { path: outside }), /Nothing that may be read/);
  });

  test("a wrong input is refused with a sentence that says what is wrong", async () => {
    await assert.rejects(ask("get_norms", { run: 3 }), /Wrong input: `run: /);
  });

  test("a cancelled question ends", async () => {
    const source = new vscode.CancellationTokenSource();
    const asked = ask("find_anomalies", { run: examplePath("diverged") }, source.token);
    source.cancel();
    await assert.rejects(asked);
  });

  test("the server is started by the editor over the workspace once people ask for it, and answers", async () => {
    const configuration = vscode.workspace.getConfiguration("gradlens");
    assert.equal(served(), undefined);
    await configuration.update("agents.mcpServer", true, vscode.ConfigurationTarget.Global);
    try {
      const tool = await eventually("the server's tools", async () => {
        await vscode.commands.executeCommand("workbench.mcp.startServer", "*");
        return served();
      });
      const { content } = await vscode.lm.invokeTool(tool.name, { input: {}, toolInvocationToken: undefined });
      const [part] = content;
      assert.ok(part instanceof vscode.LanguageModelTextPart);
      assert.ok(part.value.includes(`\`${examplePath()}\``));
    } finally {
      await configuration.update("agents.mcpServer", undefined, vscode.ConfigurationTarget.Global);
    }
  });
});
