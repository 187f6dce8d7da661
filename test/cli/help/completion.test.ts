import { execFileSync, spawnSync } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { completionScript } from "#cli/help/completionScripts.ts";
import type { Shell } from "#cli/help/completionScripts.ts";
import * as pages from "#cli/help/helpPages.ts";
import { createTestFolder } from "../../support/testFolder.ts";
import type { TestFolder } from "../../support/testFolder.ts";

let folder: TestFolder;
beforeAll(async () => {
  folder = await createTestFolder();
  for (const shell of ["bash", "zsh", "fish"] as const) {
    await writeFile(join(folder.path, shell), completionScript(shell, Object.values(pages)));
  }
});
afterAll(async () => folder.dispose());

/** What bash offers for the last of the words. */
function bash(...words: readonly string[]): string[] {
  const program = `source "$0"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _gradlens; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const offered = execFileSync("bash", ["-c", program, join(folder.path, "bash"), "gradlens", ...words]);
  return offered.toString().split("\n").filter(Boolean);
}

test.each([
  { words: ["c"], offered: ["check", "clip", "completion"] },
  { words: ["--v"], offered: ["--version"] },
  { words: ["check", "--f"], offered: ["--fail-on", "--format"] },
  { words: ["check", "--format", ""], offered: ["text", "json", "sarif"] },
  { words: ["check", "--format", "s"], offered: ["sarif"] },
  { words: ["norms", "--device", "c"], offered: ["cpu", "cuda", "coreml"] },
  { words: ["completion", ""], offered: ["bash", "zsh", "fish"] },
  { words: ["check", "runs"], offered: [] },
  { words: ["nonsense", "--"], offered: [] },
])("bash completes $words to $offered", ({ words, offered }) => {
  expect(bash(...words)).toEqual(offered);
});

test("bash takes paths where nothing else fits", () => {
  const program = `source "$0"; complete -p gradlens`;
  const said = execFileSync("bash", ["-c", program, join(folder.path, "bash")]).toString();
  expect(said).toBe("complete -o bashdefault -o default -F _gradlens gradlens\n");
});

/** Whether this machine has the shell. */
function has(shell: Shell): boolean {
  return spawnSync(shell, ["-c", "true"]).status === 0;
}

test("zsh knows the function for the command, where there is zsh", async ({ annotate }) => {
  if (!has("zsh")) {
    await annotate("There is no zsh here.");
    return;
  }
  const load = `autoload -Uz compinit && compinit -u -D && source ${join(folder.path, "zsh")}`;
  const { stdout, stderr } = spawnSync("zsh", ["-f", "-c", `${load} && print $_comps[gradlens]`]);
  expect([String(stdout), String(stderr)]).toEqual(["_gradlens\n", ""]);
});

test("fish completes as bash does, where there is fish", async ({ annotate }) => {
  if (!has("fish")) {
    await annotate("There is no fish here.");
    return;
  }
  const program = `source ${join(folder.path, "fish")}; complete -C "gradlens check --format s"`;
  const { stdout, stderr } = spawnSync("fish", ["--no-config", "-c", program]);
  expect([String(stdout).split("\t")[0]?.trim(), String(stderr)]).toEqual(["sarif", ""]);
});
