import { relative } from "node:path";
import { CHECKPOINT_FAMILIES } from "#core/checkpointEndings.ts";
import { formatBytes } from "#core/format.ts";
import type { Run } from "#store/run.ts";
import { t } from "@vscode/l10n";
import * as vscode from "vscode";
import { runName } from "../runs/runNames.ts";

interface CheckpointPick extends vscode.QuickPickItem {
  readonly choose?: () => Thenable<vscode.Uri | undefined>;
}

export interface PickOptions {
  /** What the checkpoint is for. */
  readonly placeHolder?: string;
  /** The path of one that is not offered. */
  readonly except?: string;
}

/** A checkpoint of a followed run, or any file or folder; undefined when none is chosen. */
export async function pickCheckpoint(runs: readonly Run[], options: PickOptions = {}): Promise<vscode.Uri | undefined> {
  const { placeHolder = t("Choose a checkpoint to inspect"), except } = options;
  const known = runs.flatMap((run) => picksOf(run, except));
  const picked = await vscode.window.showQuickPick<CheckpointPick>([...known, ...otherPicks()], {
    placeHolder,
    matchOnDescription: true,
  });
  return picked?.choose?.();
}

/** The newest first. */
function picksOf(run: Run, except: string | undefined): CheckpointPick[] {
  const offered = run.checkpoints().filter(({ path }) => path !== except);
  const newest = offered.toSorted((a, b) => (b.step ?? -1) - (a.step ?? -1));
  const title: CheckpointPick = { label: runName(run.id), kind: vscode.QuickPickItemKind.Separator };
  const picks = newest.map(({ path, bytes, step }): CheckpointPick => ({
    label: relative(run.id, path),
    description: [...(step === null ? [] : [t("step {0}", step)]), formatBytes(bytes)].join(", "),
    iconPath: new vscode.ThemeIcon("package"),
    choose: () => Promise.resolve(vscode.Uri.file(path)),
  }));
  return picks.length === 0 ? [] : [title, ...picks];
}

function otherPicks(): CheckpointPick[] {
  return [
    { label: "", kind: vscode.QuickPickItemKind.Separator },
    {
      label: t("Choose a File…"),
      iconPath: new vscode.ThemeIcon("file"),
      alwaysShow: true,
      choose: () => ask({ canSelectFiles: true, filters: fileFilters() }),
    },
    {
      label: t("Choose a Folder…"),
      description: t("Orbax, Zarr, SavedModel, shards, a Trainer's checkpoint"),
      iconPath: new vscode.ThemeIcon("folder"),
      alwaysShow: true,
      choose: () => ask({ canSelectFolders: true, canSelectFiles: false }),
    },
  ];
}

async function ask(options: vscode.OpenDialogOptions): Promise<vscode.Uri | undefined> {
  const title = t("Inspect Checkpoint");
  const [chosen] = (await vscode.window.showOpenDialog({ ...options, title, openLabel: title })) ?? [];
  return chosen;
}

/** Bytes decide what a file is, so none is shut out. */
function fileFilters(): Record<string, string[]> {
  const families = CHECKPOINT_FAMILIES.map(({ name, endings, commonEndings = [] }) => ({
    name,
    endings: [...endings, ...commonEndings],
  }));
  return {
    [t("Checkpoints")]: [...families.flatMap(({ endings }) => endings), "json"],
    ...Object.fromEntries(families.map(({ name, endings }) => [name, endings])),
    [t("Indexes of shards")]: ["json"],
    [t("All Files")]: ["*"],
  };
}
