import { unpacked } from "#core/packedChunks.ts";
import type { RunStore } from "#store/runStore.ts";
import * as vscode from "vscode";
import { customPatternsFor } from "../settings/customPatterns.ts";
import { settings } from "../settings/settings.ts";
import type { WorkerClient } from "#client/workerClient.ts";
import { captureRun } from "./capturedRun.ts";

const MAX_COMMAND_LENGTH = 1000;
const MAX_NAME_LENGTH = 60;

/** Follows what trainings print that are started in VS Code's terminal: only when asked for, and where the folder is trusted. */
export function captureTerminals(
  store: RunStore,
  worker: WorkerClient,
  onError: (error: unknown) => void,
): vscode.Disposable {
  let count = 0;

  async function follow(execution: vscode.TerminalShellExecution): Promise<void> {
    count += 1;
    const customPatterns = customPatternsFor(execution.cwd?.fsPath ?? "");
    const captured = captureRun({
      id: `terminal ${count}: ${nameOf(execution.commandLine.value)}`,
      store,
      async parse(request) {
        const batch = await worker.request<"parseLines">({ kind: "parseLines", ...request, customPatterns });
        return batch && unpacked(batch);
      },
      onError,
    });
    for await (const data of execution.read()) {
      captured.add(data);
    }
    await captured.end();
  }

  return vscode.window.onDidStartTerminalShellExecution(({ execution }) => {
    if (isTraining(execution.commandLine.value, onError)) {
      follow(execution).catch(onError);
    }
  });
}

function isTraining(command: string, onError: (error: unknown) => void): boolean {
  if (settings.terminalCapture() === "off" || !vscode.workspace.isTrusted) {
    return false;
  }
  try {
    return new RegExp(settings.terminalCommandPattern()).test(command.slice(0, MAX_COMMAND_LENGTH));
  } catch (error) {
    onError(error); // The pattern is no regular expression.
    return false;
  }
}

/** The command without the folders in it, and not too long. */
function nameOf(command: string): string {
  const plain = command
    .slice(0, MAX_COMMAND_LENGTH)
    .replaceAll(/\S*[/\\]/g, "")
    .replaceAll(/\s+/g, " ")
    .trim();
  return plain.length > MAX_NAME_LENGTH ? `${plain.slice(0, MAX_NAME_LENGTH)}…` : plain;
}
