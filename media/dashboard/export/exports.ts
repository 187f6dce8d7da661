import { toJson } from "#core/json.ts";
import type { FileFormat } from "#protocol/dashboard/savedFile.ts";
import { t } from "@vscode/l10n";
import { toFile } from "../../vector/node.ts";
import type { ToTab } from "../mountedTabs.ts";
import type { Session } from "../session.ts";
import type { Exported } from "./exported.ts";
import { createMenu } from "./menu.ts";
import { toPng } from "./png.ts";
import { reportOf } from "./report.ts";
import { toCsv } from "./table.ts";

/** The menu "Export": what is on screen as a file or on the clipboard, and the report of the whole run. */
export interface Exports {
  readonly element: HTMLElement;
  /** The report needs the clipping advice, which the host gives. */
  readonly receive: (message: ToTab) => void;
}

export function createExports(session: Session, current: () => Exported | undefined): Exports {
  let isReportAwaited = false;
  const save = (format: FileFormat, name: string, content: string): void =>
    session.host.post({ kind: "save", name, format, content });
  const on = (use: (exported: Exported) => void) => (): void => {
    const exported = current();
    if (exported !== undefined) {
      use(exported);
    }
  };
  const hasPicture = (): boolean => current()?.picture !== undefined;
  const hasAny = (): boolean => current() !== undefined;
  const menu = createMenu(t("Export"), [
    { label: t("Picture (SVG)"), isEnabled: hasPicture, run: on(saveSvg) },
    { label: t("Picture (PNG)"), isEnabled: hasPicture, run: on(savePng) },
    { label: t("Data (CSV)"), isEnabled: hasAny, run: on(({ name, table }) => save("csv", name, toCsv(table()))) },
    {
      label: t("Data (JSON)"),
      isEnabled: hasAny,
      run: on(({ name, json }) => save("json", name, `${toJson(json(), 1)}\n`)),
    },
    { label: t("Copy as Markdown"), isEnabled: hasAny, run: on(copy) },
    { label: t("Report of the Run (HTML)"), isEnabled: () => session.run !== undefined, run: askForReport },
  ]);
  return { element: menu, receive };

  function saveSvg({ name, picture }: Exported): void {
    if (picture !== undefined) {
      save("svg", name, toFile(picture()));
    }
  }

  function savePng({ name, picture }: Exported): void {
    if (picture !== undefined) {
      toPng(picture()).then(
        (bytes) => save("png", name, bytes),
        (error: unknown) => session.say(t("The picture could not be drawn: {0}", String(error))),
      );
    }
  }

  function copy({ markdown }: Exported): void {
    session.host.post({ kind: "copy", text: markdown() });
    session.say(t("Copied as Markdown."));
  }

  function askForReport(): void {
    isReportAwaited = true;
    session.host.post({ kind: "clipping", request: { kind: "advise", last: null, withWarmUp: false } });
  }

  function receive(message: ToTab): void {
    const { run } = session;
    if (isReportAwaited && message.kind === "clipping" && message.answer.kind === "advice" && run !== undefined) {
      isReportAwaited = false;
      save("html", `${run.name}-report`, reportOf(run, message.answer, new Date()));
    }
  }
}
