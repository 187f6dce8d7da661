import type { Finding } from "#core/finding.ts";
import type { Run } from "#store/run.ts";
import { t } from "@vscode/l10n";
import * as vscode from "vscode";
import type { FindingsBook } from "#following/findingsBook.ts";
import { runName } from "../runs/runNames.ts";
import { settings } from "../settings/settings.ts";
import { createNewsDesk } from "./newsDesk.ts";
import { openFinding } from "./openFinding.ts";

/** Tells, once for a run and with long pauses, that it broke while people work. */
export function createNotifications(book: FindingsBook): vscode.Disposable {
  const desk = createNewsDesk(settings.notifications, Date.now);
  return book.onDidChange((run) => {
    const news = run.isFilling() ? undefined : desk.hear(run.id, book.of(run));
    if (news !== undefined) {
      void tell(run, news).then(undefined, (error: unknown) => vscode.window.showErrorMessage(String(error)));
    }
  });
}

async function tell(run: Run, finding: Finding): Promise<void> {
  const [show, never] = [t("Show Log Line"), t("Don't Show Again")];
  const text = `${runName(run.id)}: ${finding.message}`;
  const chosen = await vscode.window.showWarningMessage(text, show, never);
  if (chosen === show) {
    await openFinding({ run, finding, id: "" });
  } else if (chosen === never) {
    const { Global } = vscode.ConfigurationTarget;
    await vscode.workspace.getConfiguration("gradlens").update("notifications", "off", Global);
  }
}
