import { availableParallelism, cpus, homedir, userInfo } from "node:os";
import process from "node:process";
import type { EngineReport } from "#core/device.ts";
import { messageOf } from "#core/messageOf.ts";
import type { RunStore } from "#store/runStore.ts";
import * as vscode from "vscode";
import type { FindingsBook } from "#following/findingsBook.ts";
import { parseManifest } from "../manifest.ts";
import { remoteKind } from "./privacy.ts";
import { describeReport, factsOf } from "./reportText.ts";
import { changedSettings, settings } from "../settings/settings.ts";
import type { WorkerClient } from "#client/workerClient.ts";

export interface ReportSources {
  readonly extension: vscode.Extension<unknown>;
  readonly store: RunStore;
  readonly findings: FindingsBook;
  readonly worker: WorkerClient;
}

/** Opens what helps to understand a problem on another machine, to be read, changed and pasted into an issue. */
export async function showReport({ extension, store, findings, worker }: ReportSources): Promise<void> {
  const manifest = parseManifest(extension.packageJSON);
  const engines = await askEngines(worker);
  const content = describeReport({
    versions: versionsOf(manifest.version),
    engines,
    worker: worker.state(),
    settings: changedSettings(manifest.settings),
    runs: store.runs().map((run) => factsOf(run, findings.of(run))),
    nowMs: Date.now(),
    person: { home: homedir(), user: userName() },
  });
  const document = await vscode.workspace.openTextDocument({ language: "markdown", content });
  await vscode.window.showTextDocument(document);
}

function versionsOf(gradlens: string): (readonly [string, string])[] {
  const { appHost, appName, remoteName } = vscode.env;
  return [
    ["Gradlens", gradlens],
    ["VS Code", `${vscode.version} (${appName}, ${appHost})`],
    ["Platform", `${process.platform} ${process.arch}`],
    ["Remote", remoteKind(remoteName)],
    ["Node of the worker", process.versions.node], // It is forked from this process, so it has the same.
    ["Cores", `${availableParallelism()} (${cpus()[0]?.model ?? "unknown"})`],
  ];
}

/** In a container the user may have no name. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return "";
  }
}

// The first time the engines are measured, which takes a GPU's driver some seconds.
const ANSWER_LIMIT_MS = 20_000;

/** The engines, or why they are not known. */
async function askEngines(worker: WorkerClient): Promise<EngineReport | string> {
  const late = Promise.withResolvers<string>();
  const timer = setTimeout(
    () => late.resolve(`It did not answer within ${ANSWER_LIMIT_MS / 1000} s.`),
    ANSWER_LIMIT_MS,
  );
  const { threads } = settings.compute();
  try {
    return await Promise.race([worker.request<"reportEngines">({ kind: "reportEngines", threads }), late.promise]);
  } catch (error) {
    return messageOf(error);
  } finally {
    clearTimeout(timer);
  }
}
