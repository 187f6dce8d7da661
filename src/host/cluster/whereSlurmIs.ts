import process from "node:process";
import * as vscode from "vscode";
import { exists } from "./exists.ts";

/** Whether the command is of use here: its menu entry is hidden where sbatch is not on PATH. */
export async function showWhereSlurmIs(): Promise<void> {
  const folders = (process.env["PATH"] ?? "").split(":").filter((folder) => folder.startsWith("/"));
  const found = await Promise.all(folders.map(async (folder) => exists(vscode.Uri.file(`${folder}/sbatch`))));
  await vscode.commands.executeCommand("setContext", "gradlens.hasSlurm", found.includes(true));
}
