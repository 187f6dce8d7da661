import { strict as assert } from "node:assert";
import { suite, test } from "mocha";
import * as vscode from "vscode";
import { eventually, exampleRun, exampleUri, hoversAt, openWritten, withSetting } from "./gradlens.ts";

/** Our hovers at the end of the first occurrence of a text in a document, once there are any. */
async function hoversOver(document: vscode.TextDocument, text: string): Promise<string[]> {
  return eventually(`a hover over ${text} in ${document.fileName}`, async () => {
    const hovers = await hoversIn(document, text);
    return hovers.length > 0 ? hovers : undefined;
  });
}

async function hoversIn(document: vscode.TextDocument, text: string): Promise<string[]> {
  const offset = document.getText().indexOf(text);
  assert.notEqual(offset, -1, `${text} is not in ${document.fileName}`);
  return hoversAt(document, document.positionAt(offset + text.length - 1));
}

async function opened(file: string): Promise<vscode.TextDocument> {
  return vscode.workspace.openTextDocument(exampleUri(...file.split("/")));
}

const NAME = "transformer.h.0.attn.c_proj.weight";

const SAME_NAME_ELSEWHERE = {
  "names.yaml": `frozen:\n  - ${NAME}\n`,
  "names.toml": `frozen = ["${NAME}"]\n`,
  "names.csv": `tensor,lr\n${NAME},0.1\n`,
  "names.txt": `the tensor ${NAME} is large\n`,
  "names.log": `WARN ${NAME} overflowed\n`,
};

suite("hover", () => {
  for (const { where, file, text } of [
    { where: "an attribute chain in Python", file: "train.py", text: "model.transformer.h[0].attn.c_proj.weight" },
    { where: "a key of a log", file: "metrics.jsonl", text: `grad_norm/${NAME}` },
    { where: "a key of a JSON file", file: "checkpoint-200/norms.json", text: NAME },
  ]) {
    test(`over ${where} it shows last, median, p99, step, share, rank and a sparkline`, async () => {
      await exampleRun();
      const [markdown, ...more] = await hoversOver(await opened(file), text);
      assert.deepEqual(more, []);
      for (const part of [
        /\*\*transformer\.h\.0\.attn\.c_proj\.weight\*\*/,
        /<img width="240" height="48" alt="[^"]+" src="data:image\/svg\+xml;base64,…">/,
        /Gradient norm 0\.239 at step 400 of char-transformer/,
        /median 0\.132, p99 1\.062, 400 points/,
        /4\.465 % of the squared global norm, rank 5 of 41/,
        /\[Open Dashboard\]\(command:gradlens\.openTensor\?[^)]+\)/,
        /\[Reveal Step 400 in Log\]\(command:gradlens\.revealStepInLog\?[^)]+\)/,
      ]) {
        assert.match(markdown ?? "no hover", part);
      }
      assert.ok((markdown ?? "").length < 20_000);
    });
  }

  for (const [file, text] of Object.entries(SAME_NAME_ELSEWHERE)) {
    test(`over a name in ${file} it shows the tensor`, async () => {
      await exampleRun();
      const [markdown] = await hoversOver(await openWritten(`names/${file}`, text), NAME);
      assert.match(markdown ?? "", /Gradient norm 0\.239 at step 400/);
    });
  }

  test("over a tensor with norms in a checkpoint it tells them, and how to compare checkpoints", async () => {
    const { store } = await exampleRun();
    await eventually("norms of the checkpoints", () =>
      store.runs().some(({ summaries }) => summaries.size >= 3) ? true : undefined,
    );
    const markdown = await eventually("norms of a checkpoint in the hover", async () => {
      const [found] = await hoversIn(await opened("train.py"), "model.transformer.h[0].attn.c_proj.weight");
      return found?.includes("in checkpoint-400") === true ? found : undefined;
    });
    assert.match(markdown, /Gradient norm 0\.\d+, RMS \d\.\d+(e-\d)? in checkpoint-400, 48 × 48 F32/);
  });

  test("its link reveals the step's line in the log", async () => {
    await exampleRun();
    const [run] = (await exampleRun()).store.runs().filter(({ id }) => id === exampleUri().fsPath);
    await vscode.commands.executeCommand("gradlens.revealStepInLog", { run: run?.id, step: 241 });
    const editor = vscode.window.activeTextEditor;
    assert.deepEqual(
      [editor?.document.uri.fsPath, editor?.selection.active.line],
      [exampleUri("metrics.jsonl").fsPath, 241],
    );
    await vscode.commands.executeCommand("workbench.action.closeActiveEditor");
  });

  test("over a name that several tensors end in, it lists them and shows no number", async () => {
    await exampleRun();
    const document = await vscode.workspace.openTextDocument({
      language: "python",
      content: "x = model.c_proj.weight\n",
    });
    const [text = ""] = await hoversOver(document, "model.c_proj.w");
    assert.match(text, /\d+ tensors of char.* can be meant here/);
    assert.match(text, /- transformer\.h\.1\.attn\.c_proj\.weight/);
    assert.doesNotMatch(text, /Gradient norm/);
  });

  test("over a norm in a log it says how large that is, and what clipping did to it", async () => {
    await exampleRun();
    const document = await opened("metrics.jsonl");
    const line = document.lineAt(241).text;
    const key = '"grad_norm":';
    const at = new vscode.Position(241, line.indexOf(key) + key.length + 3);
    const text = await eventually("what clipping did", async () => {
      const [found, ...more] = await hoversAt(document, at);
      assert.deepEqual(more, []);
      return found?.includes("clipping") === true ? found : undefined;
    });
    for (const part of [
      /Global gradient norm 10\.58 at step 241 of char-transformer/,
      /the largest of the run's 400 finite norms/,
      /Before clipping: the threshold 1 cut it to 9\.455 %/,
      /GN201: Gradient norm jumped to 10\.58/,
    ]) {
      assert.match(text, part);
    }
  });

  test("over a tensor's norm in a log it says how large that is among the tensor's own", async () => {
    await exampleRun();
    const document = await opened("metrics.jsonl");
    const key = `"grad_norm/${NAME}":`;
    const at = document.lineAt(241).text.indexOf(key) + key.length + 3;
    const [text = ""] = await hoversAt(document, new vscode.Position(241, at));
    assert.match(text, /Gradient norm of transformer\.h\.0\.attn\.c_proj\.weight .* at step 241/);
    assert.match(text, /larger than \d+(\.\d)? % of the run's 400 finite norms|the largest/);
  });

  test("over another number of a log, and over a word that is no tensor, it says nothing", async () => {
    await exampleRun();
    const log = await opened("metrics.jsonl");
    const line = log.lineAt(241).text;
    for (const key of ['"step":', '"loss":']) {
      assert.deepEqual(await hoversAt(log, new vscode.Position(241, line.indexOf(key) + key.length + 1)), []);
    }
    assert.deepEqual(await hoversIn(await opened("train.py"), "torch.nn"), []);
  });

  test("is off when its setting says so, without a reload", async () => {
    await exampleRun();
    const document = await opened("train.py");
    await hoversOver(document, "model.transformer.h[0].attn.c_proj.weight");
    await withSetting("editor.hover", false, async () => {
      assert.deepEqual(await hoversIn(document, "model.transformer.h[0].attn.c_proj.weight"), []);
    });
    assert.equal((await hoversIn(document, "model.transformer.h[0].attn.c_proj.weight")).length, 1);
  });
});
