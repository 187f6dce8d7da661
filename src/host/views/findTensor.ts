import { inModelOrder } from "#core/names/order.ts";
import { formatNorm } from "#l10n/format.ts";
import type { Run } from "#store/run.ts";
import { t } from "@vscode/l10n";
import * as vscode from "vscode";
import { runName } from "../runs/runNames.ts";

interface TensorPick extends vscode.QuickPickItem {
  readonly run?: Run;
}

/** Asks for a tensor of the followed runs; undefined when none is chosen, or none is there. */
export async function findTensor(
  runs: readonly Run[],
): Promise<{ readonly run: Run; readonly tensor: string } | undefined> {
  const picks = runs.flatMap(picksOf);
  if (picks.length === 0) {
    const insert = t("Insert Gradient Logging…");
    const none = t("No followed run logs the norms of single tensors.");
    // Not awaited: the command is done, whether or not somebody answers.
    void vscode.window
      .showInformationMessage(none, insert)
      .then((chosen) => chosen === insert && vscode.commands.executeCommand("gradlens.insertLogging"));
    return undefined;
  }
  const picked = await vscode.window.showQuickPick(picks, { placeHolder: t("Find a tensor by its name") });
  return picked?.run === undefined ? undefined : { run: picked.run, tensor: picked.label };
}

function picksOf(run: Run): TensorPick[] {
  const tensors = run.tensors();
  const names = inModelOrder([...tensors.keys()], (name) => name);
  const title: TensorPick = { label: runName(run.id), kind: vscode.QuickPickItemKind.Separator };
  const picks = names.map((name): TensorPick => ({
    label: name,
    description: formatNorm(tensors.get(name)?.last()?.value),
    run,
  }));
  return picks.length === 0 ? [] : [title, ...picks];
}
