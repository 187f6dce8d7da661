import { t } from "@vscode/l10n";
import { numberOrNullIn, readCarry } from "../shared/carry.ts";
import { createProblemList } from "#core/problems.ts";
import type { ParsedRecords, RecordHead, RecordReader, RecordStart } from "../reader.ts";
import { createHistory } from "./history.ts";
import { scanWandb, WANDB_MAGIC } from "./records.ts";

/** The transaction log of a Weights & Biases run: history rows, the configuration, and how it ended. */
export const wandb: RecordReader = { format: "wandb", growth: "byRecords", recognises, parse };

function recognises({ bytes }: RecordHead): boolean {
  return WANDB_MAGIC.every((byte, at) => bytes[at] === byte);
}

function parse(bytes: Uint8Array, { offset, firstRecord, carry, isEnd }: RecordStart): ParsedRecords {
  const problems = createProblemList();
  const earlier = readCarry(carry);
  const history = createHistory(problems);
  // Flags are numbers, 1 for yes.
  let rows = numberOrNullIn(earlier, "rows");
  const from = { offset, firstRecord, isEnd, isWithin: numberOrNullIn(earlier, "within") === 1, problems };
  const { consumed, records, isWithin } = scanWandb(bytes, from, (data, record) => {
    try {
      const kind = history.addRecord(data, record);
      rows = kind === "history" ? 1 : rows;
      if (kind === "exit" && rows === null) {
        problems.add(
          record,
          t("The run ended without a row of history. Its console, if it is in this file, is not read."),
        );
      }
    } catch (error) {
      problems.add(record, t("The record's data are none of Weights & Biases': {0}", String(error)));
    }
  });
  const next = JSON.stringify({ rows, within: isWithin ? 1 : null });
  return { ...history.finish(), carry: next, problems: problems.finish(), consumed, records };
}
