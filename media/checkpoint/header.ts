import { formatBytes } from "#core/format.ts";
import type { ToCheckpoint } from "#protocol/checkpoint.ts";
import { t } from "@vscode/l10n";
import { element } from "../shared/element.ts";
import { dtypeSummary } from "./rows.ts";
import { formatCount } from "./text.ts";

export type CheckpointIndex = Extract<ToCheckpoint, { kind: "index" }>;

/** What the index alone tells: shown before a single norm is computed. */
export function createHeader(index: CheckpointIndex): HTMLElement {
  const { file, format, bytes, tensors } = index;
  const elements = tensors.reduce((sum, entry) => sum + entry.elements, 0);
  const facts = [
    { label: t("Format"), value: format },
    { label: t("Size"), value: formatBytes(bytes) },
    { label: t("Tensors"), value: formatCount(tensors.length) },
    { label: t("Elements"), value: formatCount(elements) },
    { label: t("Types"), value: dtypeSummary(tensors) },
  ];
  const name = file.split(/[\\/]/).at(-1) ?? file;
  const identity = element("div", { class: "identity" }, [
    element("h1", { text: name }),
    element("span", { class: "source", text: file, attributes: { title: file } }),
  ]);
  const list = facts.map(({ label, value }) =>
    element("div", {}, [element("dt", { text: label }), element("dd", { text: value })]),
  );
  return element("header", {}, [identity, element("dl", { class: "facts" }, list)]);
}
