import { escapeText } from "../../vector/node.ts";

export type Cell = number | string | null;

/** What is on screen as rows. A number may be NaN; null is what was not measured. */
export interface ExportTable {
  readonly header: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
}

/** RFC 4180. Numbers are written with every digit they have, NaN and ±Infinity by name; what is missing is empty. */
export function toCsv({ header, rows }: ExportTable): string {
  return [header, ...rows].map((row) => `${row.map(csvCell).join(",")}\r\n`).join("");
}

export function toMarkdown({ header, rows }: ExportTable): string {
  return [header, header.map(() => "---"), ...rows].map(markdownLine).join("");
}

export function toHtml({ header, rows }: ExportTable): string {
  const head = header.map((text) => `<th scope="col">${escapeText(text)}</th>`).join("");
  const body = rows.map((row) => `<tr>${row.map(htmlCell).join("")}</tr>`).join("\n");
  return `<table><thead><tr>${head}</tr></thead>\n<tbody>${body}</tbody></table>`;
}

function htmlCell(value: Cell): string {
  return typeof value === "string" ? `<td>${escapeText(value)}</td>` : `<td class="number">${value ?? "–"}</td>`;
}

function markdownLine(cells: readonly Cell[]): string {
  return `| ${cells.map(markdownCell).join(" | ")} |\n`;
}

function csvCell(value: Cell): string {
  const text = value === null ? "" : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Names in logs are hostile: they must start no column, line, link or tag of their own. */
function markdownCell(value: Cell): string {
  return value === null ? "–" : escapeMarkdown(String(value));
}

export function escapeMarkdown(text: string): string {
  return text.replaceAll(/[\\`*_[\]<>|~]/g, (character) => `\\${character}`).replaceAll(/\s+/g, " ");
}
