import * as vscode from "vscode";

/** Where the page of rules that comes with the extension speaks of a rule. */
export type RulePages = (rule: string) => vscode.Uri;

/**
 * Reads the page when the first finding is to be shown. A link to the line of a file, since those in hovers open no command,
 * and no preview at a heading.
 */
export function createRulePages(extensionUri: vscode.Uri): () => Promise<RulePages> {
  const page = vscode.Uri.joinPath(extensionUri, "docs", "rules.md");
  let reading: Promise<RulePages> | undefined;

  async function read(): Promise<RulePages> {
    const lines = await readLines(page);
    return (rule) => {
      const line = lines.findIndex((text) => text.startsWith(`## ${rule} `) || text.startsWith(`| ${rule} `)) + 1;
      return line === 0 ? page : page.with({ fragment: `L${line}` });
    };
  }

  return () => (reading ??= read());
}

/** Without the page its links lead to its beginning, which says that it is missing. */
async function readLines(page: vscode.Uri): Promise<readonly string[]> {
  try {
    return new TextDecoder().decode(await vscode.workspace.fs.readFile(page)).split("\n");
  } catch {
    return [];
  }
}
