import { visit } from "jsonc-parser";
import type { JSONVisitor } from "jsonc-parser";
import { t } from "@vscode/l10n";
import { nonFiniteOf, quoteNonFinite, mayHoldNonFinite } from "../shared/lenientJson.ts";
import { createProblemList } from "#core/problems.ts";
import type { ProblemList } from "#core/problems.ts";
import type { LogHead, TextReader, ParsedLog } from "../reader.ts";
import { createRowCollector } from "../shared/rows.ts";
import type { RowCollector } from "../shared/rows.ts";
import { findStep } from "../shared/steps.ts";

/** trainer_state.json of Hugging Face's Trainer. Each sample's line is the one its value stands on. */
export const trainerState: TextReader = { format: "trainerState", growth: "byReplacement", recognises, parse };

function recognises({ name, text }: LogHead): boolean {
  return text.trimStart().startsWith("{") && (name === "trainer_state.json" || text.includes('"log_history"'));
}

function parse(text: string): ParsedLog {
  const rows = createRowCollector();
  const problems = createProblemList();
  const json = mayHoldNonFinite(text) ? quoteNonFinite(text) : text;
  try {
    visit(json, createHistoryVisitor(json, { rows, problems }), { disallowComments: true, allowEmptyContent: true });
  } catch (error) {
    // The parser calls itself for every level, so a file of brackets ends its stack.
    problems.add(0, t("The JSON cannot be read: {0}", String(error)));
  }
  return { ...rows.finish(), carry: "", problems: problems.finish() };
}

// {"log_history": [{"step": 1}]}: a row's values are three levels deep.
const ROW_DEPTH = 3;

interface Entry {
  readonly value: unknown;
  readonly line: number;
}

interface HistorySink {
  readonly rows: RowCollector;
  readonly problems: ProblemList;
}

/** Follows how deep the text is nested and gives each complete entry of `log_history` to the rows. */
function createHistoryVisitor(json: string, { rows, problems }: HistorySink): JSONVisitor {
  let depth = 0;
  let section = "";
  let name = "";
  let row = new Map<string, Entry>();
  let failed = false;
  return {
    onObjectBegin() {
      depth += 1;
      if (depth === ROW_DEPTH) {
        row = new Map();
      }
    },
    onObjectEnd(offset) {
      // The parser also ends what the end of the text cuts off.
      const isComplete = json[offset] === "}" && !failed;
      if (depth === ROW_DEPTH && section === "log_history" && isComplete) {
        addEntries(row, rows);
      }
      depth -= 1;
    },
    onArrayBegin: () => void (depth += 1),
    onArrayEnd: () => void (depth -= 1),
    onObjectProperty(property) {
      name = property;
      section = depth === 1 ? property : section;
    },
    onLiteralValue(value: unknown, ...[, , line]) {
      if (depth === ROW_DEPTH) {
        row.set(name, { value, line });
      }
    },
    onError(...[, , , line]) {
      if (!failed) {
        problems.add(line, t("The JSON is broken from here on. The file may still be writing."));
      }
      failed = true;
    },
  };
}

function addEntries(row: ReadonlyMap<string, Entry>, rows: RowCollector): void {
  const found = findStep({ step: row.get("step")?.value }, "step");
  for (const [name, { value, line }] of row) {
    const number = typeof value === "string" ? nonFiniteOf(value) : value;
    if (typeof number === "number" && name !== found?.key) {
      rows.addValue(rows.meaningOf(name), { step: found?.step, line }, number);
    }
  }
}
