import process from "node:process";
import * as vscode from "vscode";
import { settings } from "../settings/settings.ts";

export interface McpServerOptions {
  /** The command line's program. */
  readonly program: string;
  readonly version: string;
  readonly folders: () => readonly string[];
}

/** Offers `gradlens mcp` over the workspace's folders to clients that take their servers from the editor. */
export function registerMcpServer(options: McpServerOptions): vscode.Disposable {
  const changed = new vscode.EventEmitter<void>();
  return vscode.Disposable.from(
    changed,
    vscode.workspace.onDidChangeWorkspaceFolders(() => changed.fire()),
    vscode.workspace.onDidGrantWorkspaceTrust(() => changed.fire()),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration("gradlens.agents.mcpServer")) {
        changed.fire();
      }
    }),
    vscode.lm.registerMcpServerDefinitionProvider("gradlens.mcp", {
      onDidChangeMcpServerDefinitions: changed.event,
      provideMcpServerDefinitions: () => definitions(options),
    }),
  );
}

function definitions({ program, version, folders }: McpServerOptions): vscode.McpStdioServerDefinition[] {
  const roots = folders();
  if (!settings.mcpServer() || !vscode.workspace.isTrusted || roots.length === 0) {
    return [];
  }
  // On a desktop this process is Electron, which has to be told to be Node.
  const env = { ELECTRON_RUN_AS_NODE: "1" };
  return [new vscode.McpStdioServerDefinition("Gradlens", process.execPath, [program, "mcp", ...roots], env, version)];
}
