import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { suite, test } from "mocha";
import type { FindingItem } from "#host/views/findingsView.ts";
import type { TensorItem } from "#host/views/tensorsProvider.ts";
import * as vscode from "vscode";
import { eventually, exampleRun, examplePath } from "./gradlens.ts";

const TENSORS = 41;

async function itemsOf<T>(
  provider: vscode.TreeDataProvider<T>,
  parent?: T,
): Promise<readonly (readonly [T, vscode.TreeItem])[]> {
  const children = (await provider.getChildren(parent)) ?? [];
  return Promise.all(children.map(async (child) => [child, await provider.getTreeItem(child)] as const));
}

/** Label and description of all below, children indented under their parents. */
async function outline<T>(provider: vscode.TreeDataProvider<T>, parent?: T, indent = ""): Promise<string[]> {
  const lines: string[] = [];
  for (const [child, { label, description }] of await itemsOf(provider, parent)) {
    lines.push(
      `${indent}${typeof label === "string" ? label : label?.label} | ${String(description)}`,
      ...(await outline(provider, child, `${indent}  `)),
    );
  }
  return lines;
}

async function onlyTheExample(): Promise<ReturnType<typeof exampleRun>> {
  const access = await exampleRun();
  for (const { id } of access.store.runs().filter((run) => run.id !== examplePath())) {
    await vscode.commands.executeCommand("gradlens.unfollowRun", id);
  }
  await eventually("the spike among the findings", () => access.views.findings.findings()[0]);
  return access;
}

suite("the Tensors view", () => {
  test("shows all tensors of the run module by module, in the model's order", async () => {
    const { views } = await onlyTheExample();
    await vscode.commands.executeCommand("gradlens.sortTensorsByModel");
    const lines = await outline<TensorItem>(views.tensors.provider);
    assert.deepEqual(
      lines.filter((line) => !line.startsWith("    ")).map((line) => line.split(" |")[0]),
      ["transformer", "  wte.weight", "  wpe.weight", "  h", "  ln_f", "lm_head.weight"],
    );
    assert.ok(
      lines.every((line) => /\| [\d.e-]+ · (< )?[\d.]+ %/.test(line)),
      lines.join("\n"),
    );
  });

  test("sorted by norm has the largest first, whatever the module", async () => {
    const { views, store } = await onlyTheExample();
    await vscode.commands.executeCommand("gradlens.sortTensorsByNorm");
    const [top] = await itemsOf<TensorItem>(views.tensors.provider);
    const children = await itemsOf<TensorItem>(views.tensors.provider, top?.[0]);
    const norms = children.map(([, { description }]) => Number(String(description).split(" ")[0]));
    assert.deepEqual(
      norms,
      norms.toSorted((a, b) => b - a),
    );
    assert.equal(store.get(examplePath())?.tensors().size, TENSORS);
    await vscode.commands.executeCommand("gradlens.sortTensorsByModel");
  });

  test("opens at a tensor that is asked for", async () => {
    const { views, store } = await onlyTheExample();
    const run = store.get(examplePath());
    assert.ok(run);
    await views.tensors.reveal(run, "transformer.h.1.mlp.c_proj.weight");
  });
});

suite("the Findings view", () => {
  test("lists the spike under warnings, counts it, and says where it was", async () => {
    const { views } = await onlyTheExample();
    await vscode.commands.executeCommand("gradlens.groupFindingsBySeverity");
    const lines = await eventually("the spike in the view", async () => {
      const found = await outline<FindingItem>(views.findings.provider);
      return found.length > 1 ? found : undefined;
    });
    assert.deepEqual(lines, ["Warnings | 1", "  Spike | step 241 · char-transformer · GN201"]);
    assert.deepEqual(views.findings.badge(), { value: 1, tooltip: "1 finding" });
    await vscode.commands.executeCommand("gradlens.groupFindingsByRun");
    assert.equal((await outline<FindingItem>(views.findings.provider))[0], "char-transformer | 1");
    await vscode.commands.executeCommand("gradlens.groupFindingsBySeverity");
  });

  test("going to the next finding opens its log line, and from the last one the first follows", async () => {
    await onlyTheExample();
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
    for (const command of ["gradlens.nextFinding", "gradlens.nextFinding", "gradlens.previousFinding"]) {
      await vscode.commands.executeCommand(command);
      const editor = vscode.window.activeTextEditor;
      assert.deepEqual(
        [editor?.document.uri.fsPath, editor?.selection.active.line],
        [examplePath("metrics.jsonl"), 241],
      );
    }
  });

  test("copies what it says", async () => {
    const { views } = await onlyTheExample();
    const [found] = views.findings.findings();
    await vscode.commands.executeCommand("gradlens.copyFinding", found);
    assert.equal(await vscode.env.clipboard.readText(), found?.finding.message);
  });

  test("does nothing for what other extensions may hand over", async () => {
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
    for (const argument of [undefined, null, 7, "x", {}, { finding: {} }]) {
      await vscode.commands.executeCommand("gradlens.openFinding", argument);
    }
    assert.equal(vscode.window.activeTextEditor, undefined);
  });
});

suite("commands that ask", () => {
  test("Find Tensor… goes to the one chosen", async () => {
    await onlyTheExample();
    await accepting("gradlens.findTensor");
  });

  test("Insert Gradient Logging… puts the callback before the first class, once, and is undone at once", async () => {
    const content = "import torch\nfrom transformers import Trainer\n\n\nclass Model(torch.nn.Module):\n    pass\n";
    const document = await vscode.workspace.openTextDocument({ language: "python", content });
    const editor = await vscode.window.showTextDocument(document);
    await accepting("gradlens.insertLogging");
    const snippet = readFileSync(`${extensionPath()}/snippets/huggingFaceCallback.py`, "utf8");
    const wanted = content.replace("class Model", () => `${snippet}\n\nclass Model`);
    assert.equal(document.getText(), wanted);
    assert.equal(editor.selection.active.line, 4);
    await accepting("gradlens.insertLogging");
    assert.equal(document.getText(), wanted);
    await vscode.commands.executeCommand("undo");
    assert.equal(document.getText(), content);
    await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
  });
});

function extensionPath(): string {
  return vscode.extensions.getExtension("gradlens.gradlens")?.extensionPath ?? "";
}

/** Runs a command that shows a list, and takes its first entry once the list is there. */
async function accepting(command: string): Promise<void> {
  let isDone = false;
  const done = vscode.commands.executeCommand(command).then(() => (isDone = true));
  await eventually(`an answer to ${command}`, async () => {
    await pause();
    await vscode.commands.executeCommand("workbench.action.acceptSelectedQuickOpenItem");
    return isDone || undefined;
  });
  await done;
}

function pause(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, 300);
  });
}
