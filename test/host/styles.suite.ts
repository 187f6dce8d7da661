import { strict as assert } from "node:assert";
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { suite, suiteSetup, suiteTeardown, test } from "mocha";
import * as vscode from "vscode";
import { offsetOf } from "../source/positions.ts";
import { RUN_TENSORS } from "../source/runTensors.ts";
import { eventually, examplePath, gradlens, hoversAt } from "./gradlens.ts";

const FIXTURES = join(__dirname, "../../test/source/fixtures"); // From dist/test.
const STYLES = Object.keys(RUN_TENSORS);
const LOOK_ALIKES = ["lookAlikeTraining", "lookAlikeShop"];

/** A folder of the workspace with a source, and the log of a run that trained its model. */
function writeStyle(name: string): string {
  const folder = examplePath("styles", name);
  mkdirSync(folder, { recursive: true });
  copyFileSync(join(FIXTURES, `${name}.py`), join(folder, `${name}.py`));
  const tensors = RUN_TENSORS[name] ?? Object.values(RUN_TENSORS).flat();
  const norms = Object.fromEntries(tensors.map((tensor) => [`grad_norm/${tensor}`, 0.5]));
  const lines = [1, 2, 3].map((step) => JSON.stringify({ step, grad_norm: 2, ...norms }));
  writeFileSync(join(folder, "metrics.jsonl"), `${lines.join("\n")}\n`);
  return folder;
}

function positionsIn(name: string): readonly string[] {
  return readFileSync(join(FIXTURES, `${name}.positions.txt`), "utf8")
    .split("\n")
    .filter((line) => line !== "");
}

suite("hovers in sources of several styles", () => {
  let others: readonly string[] = [];

  suiteSetup(async () => {
    const { store } = await gradlens();
    others = store.runs().map(({ id }) => id);
    for (const id of others) {
      await vscode.commands.executeCommand("gradlens.unfollowRun", id);
    }
  });

  suiteTeardown(async () => {
    for (const id of others) {
      await vscode.commands.executeCommand("gradlens.followRun", id);
    }
  });

  for (const name of [...STYLES, ...LOOK_ALIKES]) {
    const isLookAlike = LOOK_ALIKES.includes(name);
    test(`${name}: ${isLookAlike ? "no hover at any look-alike" : "the right tensors at every listed position"}`, async () => {
      const { store } = await gradlens();
      const folder = writeStyle(name);
      await vscode.commands.executeCommand("gradlens.followRun", folder);
      await eventually(`norms of ${name}`, () => store.get(folder)?.first("globalNorm")?.valueAt(3));
      const document = await vscode.workspace.openTextDocument(vscode.Uri.file(join(folder, `${name}.py`)));
      const log = await vscode.workspace.openTextDocument(vscode.Uri.file(join(folder, "metrics.jsonl")));
      await eventually("a hover in the log", async () => {
        const column = log.lineAt(0).text.indexOf("grad_norm/") + "grad_norm/".length + 5;
        return (await hoversAt(log, new vscode.Position(0, column)))[0];
      });
      const wrong: string[] = [];
      for (const row of positionsIn(name)) {
        const [place = "", meant = ""] = row.split(" => ");
        const hovers = await hoversAt(document, document.positionAt(offsetOf(document.getText(), place)));
        if (!isRight(hovers, meant)) {
          wrong.push(`${row}: ${hovers.join("\n")}`);
        }
      }
      await vscode.commands.executeCommand("gradlens.unfollowRun", folder);
      assert.deepEqual(wrong, []);
    });
  }
});

const SHOWN = 8;

/** One hover with as many tensors as are meant, or none at all; their names are those of the unit tests. */
function isRight(hovers: readonly string[], meant: string): boolean {
  if (meant === "") {
    return hovers.length === 0;
  }
  const [text = ""] = hovers;
  const listed = [...text.matchAll(/^- (\S+)$/gm)].map((match) => match[1] ?? "");
  const titled = /\*\*(\S+)\*\*/.exec(text)?.[1];
  const names = titled === undefined ? listed : [titled];
  const patterns = meant.split(" ").map((pattern) => new RegExp(`(?:^|[./])${globSource(pattern)}$`));
  const isMeant = (name: string): boolean =>
    patterns.some((pattern) => pattern.test(name.replaceAll("_checkpoint_wrapped_module.", "")));
  return hovers.length === 1 && names.length > 0 && names.length <= SHOWN && names.every(isMeant);
}

function globSource(pattern: string): string {
  return pattern
    .replaceAll(".", String.raw`\.`)
    .replaceAll("**", "\0")
    .replaceAll("*", "[^./]*")
    .replaceAll("\0", ".*");
}
