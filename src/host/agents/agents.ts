import type { RunStore } from "#store/runStore.ts";
import * as vscode from "vscode";
import type { FindingsBook } from "#following/findingsBook.ts";
import { parseManifest } from "../manifest.ts";
import { settings } from "../settings/settings.ts";
import type { WorkerClient } from "#client/workerClient.ts";
import { ENGLISH, currentLanguage, isEnglish } from "#l10n/language.ts";
import type { Language } from "#l10n/language.ts";
import { registerAgentTools } from "./languageModelTools.ts";
import { registerMcpServer } from "./mcpServer.ts";
import { accessThrough } from "./workerAccess.ts";
import type { AnswerSources } from "./workerAccess.ts";

export interface AgentTargets {
  readonly extension: vscode.Extension<unknown>;
  readonly worker: WorkerClient;
  /** A worker that says all in a language; it starts with the first question. */
  readonly createWorker: (language: Language) => WorkerClient;
  readonly store: RunStore;
  readonly findings: FindingsBook;
  readonly choicesFor: AnswerSources["choicesFor"];
  /** The folder that keeps norms of checkpoints. */
  readonly cache: string;
}

/** All that agents can use: tools inside the editor, and the server for clients outside of it. */
export function registerAgents({ extension, createWorker, ...targets }: AgentTargets): vscode.Disposable {
  const { maxSamples, compute } = settings;
  const ownWorker = targets.worker;
  const worker = isEnglish(currentLanguage()) ? ownWorker : createWorker(ENGLISH);
  const sources = { ...targets, worker, ownWorker, folders, maxSamples, compute };
  return vscode.Disposable.from(
    ...(worker === ownWorker ? [] : [worker]),
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
