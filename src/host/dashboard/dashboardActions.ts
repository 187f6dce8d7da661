import type { FromDashboard } from "#protocol/dashboard.ts";
import type { Run } from "#store/run.ts";
import * as vscode from "vscode";
import type { TabRequest } from "./answers.ts";
import { revealStep } from "../revealStep.ts";
import { saveFile } from "../saveFile.ts";

/** What people do in the dashboard that happens outside of it. */
export type DashboardAction = Exclude<FromDashboard, TabRequest | { readonly kind: "ready" | "selectRun" }>;

export async function actForDashboard(run: Run | undefined, action: DashboardAction): Promise<void> {
  switch (action.kind) {
    case "openExample":
      return void (await vscode.commands.executeCommand("gradlens.openSample"));
    case "followRun":
    case "insertLogging":
      return void (await vscode.commands.executeCommand(`gradlens.${action.kind}`));
    case "inspectCheckpoint":
      return void (await vscode.commands.executeCommand("gradlens.inspectCheckpoint", vscode.Uri.file(action.path)));
    case "openRule":
    case "ignoreRule":
      return void (await vscode.commands.executeCommand(`gradlens.${action.kind}`, action.rule));
    case "ignoreTensor":
      return void (await vscode.commands.executeCommand("gradlens.ignoreTensor", action.tensor));
    case "copy":
      return await vscode.env.clipboard.writeText(action.text);
    case "save":
      return await saveFile(action);
    case "revealStep":
      return run === undefined ? undefined : await revealStep(run, action.step, action.tensor);
  }
}
