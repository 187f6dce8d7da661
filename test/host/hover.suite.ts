import { strict as assert } from "node:assert";
import { suite, test } from "mocha";
import * as vscode from "vscode";
import { exampleRun, exampleUri } from "./gradlens.ts";

/** Our hovers at the first occurrence of a text, as Markdown without the picture's data. */
async function hoversAt(file: string, text: string): Promise<string[]> {
  const document = await vscode.workspace.openTextDocument(exampleUri(...file.split("/")));
  const offset = document.getText().indexOf(text);
  assert.notEqual(offset, -1, `${text} is not in ${file}`);
  const position = document.positionAt(offset + text.length - 1);
  const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
    "vscode.executeHoverProvider",
    document.uri,
    position,
  );
  return hovers
    .flatMap(({ contents }) => contents)
    .map((content) => (typeof content === "string" ? content : content.value))
    .filter((markdown) => /Gradient norm|end in this name/.test(markdown))
    .map((markdown) => markdown.replace(/base64,[^"]*/, "base64,…").replaceAll(/\\(?=[^a-z0-9\s])/gi, ""));
}

const NAME = "transformer.h.0.attn.c_proj.weight";

suite("hover", () => {
  for (const { where, file, text } of [
    { where: "an attribute chain in Python", file: "train.py", text: "model.transformer.h[0].attn.c_proj.weight" },
    { where: "a key of a log", file: "metrics.jsonl", text: `grad_norm/${NAME}` },
    { where: "a key of a JSON file", file: "checkpoint-200/norms.json", text: NAME },
  ]) {
    test(`over ${where} it shows last, median, p99, step, share and a sparkline`, async () => {
      await exampleRun();
      const [markdown, ...more] = await hoversAt(file, text);
      assert.deepEqual(more, []);
      for (const part of [
        /\*\*transformer\.h\.0\.attn\.c_proj\.weight\*\*/,
        /<img width="240" height="48" alt="[^"]+" src="data:image\/svg\+xml;base64,…">/,
        /Gradient norm 0\.239 at step 400 of char-transformer/,
        /median 0\.132, p99 1\.062, 400 points/,
        /4\.465 % of the squared global norm/,
      ]) {
        assert.match(markdown ?? "no hover", part);
      }
    });
  }

  test("over a name that several tensors end in, it lists them and shows no number", async () => {
    await exampleRun();
    const document = await vscode.workspace.openTextDocument({
      language: "python",
      content: "x = self.c_proj.weight\n",
    });
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
      "vscode.executeHoverProvider",
      document.uri,
      new vscode.Position(0, 12),
    );
    const found = hovers.flatMap(({ contents }) => contents as vscode.MarkdownString[]);
    const text = found.map(({ value }) => value).join("\n");
    assert.match(text, /6 tensors of char/);
    assert.doesNotMatch(text, /Gradient norm/);
  });

  test("over a word that is no tensor it says nothing", async () => {
    await exampleRun();
    assert.deepEqual(await hoversAt("train.py", "torch.nn"), []);
  });
});
