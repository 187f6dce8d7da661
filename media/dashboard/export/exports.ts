import { toJson } from "#core/json.ts";
import { inEnglish } from "#l10n/language.ts";
import type { FileFormat } from "#protocol/dashboard/savedFile.ts";
import { t } from "@vscode/l10n";
import { toFile } from "../../vector/node.ts";
import type { MountedTabs, ToTab } from "../mountedTabs.ts";
import type { Session } from "../session.ts";
import type { Exported } from "./exported.ts";
import { createMenu } from "./menu.ts";
import { toPng } from "./png.ts";
import { makeReport } from "./makeReport.ts";
import { createReportQuestions } from "./reportQuestions.ts";
import { toCsv } from "./table.ts";

/** The menu "Export": what is on screen as a file or on the clipboard, and the report of the whole run. */
export interface Exports {
  readonly element: HTMLElement;
  /** The report needs more than the page has, which the host gives. */
  readonly receive: (message: ToTab) => void;
}

export function createExports(session: Session, tabs: Pick<MountedTabs, "exported" | "reported">): Exports {
  const current = tabs.exported;
  const questions = createReportQuestions(session.host);
  const save = (format: FileFormat, name: string, content: string): void =>
    session.host.post({ kind: "save", name, format, content });
  const on = (use: (exported: Exported) => void) => (): void => {
    const exported = current();
    if (exported !== undefined) {
      use(exported);
    }
  };
  const hasAny = (): boolean => current() !== undefined;
  const menu = createMenu(t("Export"), [
    { label: t("Picture (SVG)"), isEnabled: hasAny, run: on(saveSvg) },
    { label: t("Picture (PNG)"), isEnabled: hasAny, run: on(savePng) },
    { label: t("Data (CSV)"), isEnabled: hasAny, run: on(saveCsv) },
    { label: t("Data (JSON)"), isEnabled: hasAny, run: on(saveJson) },
    { label: t("Copy as Markdown"), isEnabled: hasAny, run: on(copy) },
    { label: t("Report of the Run (HTML)"), isEnabled: () => session.run !== undefined, run: saveReport },
  ]);
  return { element: menu, receive: questions.receive };

  function saveSvg({ name, picture }: Exported): void {
    save("svg", name, toFile(picture()));
  }

  function savePng({ name, picture }: Exported): void {
    toPng(picture()).then(
      (bytes) => save("png", name, bytes),
      (error: unknown) => session.say(t("The picture could not be drawn: {0}", String(error))),
    );
  }

  /** Programs read the names of columns, so they are the same in every language. */
  function saveCsv({ name, table }: Exported): void {
    save("csv", name, toCsv(inEnglish(table)));
  }

  function saveJson({ name, json }: Exported): void {
    save("json", name, `${toJson(inEnglish(json), 1)}\n`);
  }

  function copy({ markdown }: Exported): void {
    session.host.post({ kind: "copy", text: markdown() });
    session.say(t("Copied as Markdown."));
  }

  function saveReport(): void {
    const { run } = session;
    if (run !== undefined) {
      makeReport(run, questions, tabs.reported).then(
        (html) => save("html", `${run.name}-report`, html),
        (error: unknown) => session.say(t("The report could not be made: {0}", String(error))),
      );
    }
  }
}
