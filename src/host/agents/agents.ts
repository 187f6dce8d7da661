import type { RunStore } from "#store/runStore.ts";
import * as vscode from "vscode";
import type { FindingsBook } from "#following/findingsBook.ts";
import { parseManifest } from "../manifest.ts";
import { settings } from "../settings/settings.ts";
import type { WorkerClient } from "#client/workerClient.ts";
import { registerAgentTools } from "./languageModelTools.ts";
import { registerMcpServer } from "./mcpServer.ts";
import { accessThrough } from "./workerAccess.ts";
import type { AnswerSources } from "./workerAccess.ts";

export interface AgentTargets {
  readonly extension: vscode.Extension<unknown>;
  readonly worker: WorkerClient;
  readonly store: RunStore;
  readonly findings: FindingsBook;
  readonly choicesFor: AnswerSources["choicesFor"];
  /** The folder that keeps norms of checkpoints. */
  readonly cache: string;
}

/** All that agents can use: tools inside the editor, and the server for clients outside of it. */
export function registerAgents({ extension, ...targets }: AgentTargets): vscode.Disposable {
  const { maxSamples, compute } = settings;
  const sources = { ...targets, folders, maxSamples, compute };
  return vscode.Disposable.from(
    registerAgentTools((signal) => accessThrough(sources, signal)),
    registerMcpServer({
      program: vscode.Uri.joinPath(extension.extensionUri, "dist", "cli.cjs").fsPath,
      version: parseManifest(extension.packageJSON).version,
      folders,
    }),
  );
}

function folders(): string[] {
  const all = vscode.workspace.workspaceFolders ?? [];
  return all.filter(({ uri }) => uri.scheme === "file").map(({ uri }) => uri.fsPath);
}
