import type { FolderReader } from "#readers/logs/reader.ts";
import { packFiles, unpackFiles } from "./packedFiles.ts";
import { checkSamples } from "./checkSamples.ts";
import type { Target } from "./target.ts";
import { metricLines } from "../support/mlflow.ts";

/** A log that is a folder: read as a whole, and file by file. */
export function folderTarget(reader: FolderReader): Target {
  return {
    name: `logs/${reader.format}`,
    seeds: () => [
      packFiles({
        "metrics/grad_norm": metricLines([
          [1_700_000_000_000, 2.5, 1],
          [1_700_000_001_000, Number.NaN, 2],
        ]),
        "metrics/train/loss": metricLines([[1_700_000_000_000, 1.5, 1]]),
        "params/max_grad_norm": "1.0",
      }),
    ],
    run(input) {
      const files = Object.entries(unpackFiles(input)).flatMap(([path, bytes]) =>
        reader.growthOf(path) === "unread" ? [] : [{ path, text: new TextDecoder().decode(bytes), firstLine: 0 }],
      );
      const whole = reader.parse(files, "");
      let carry = "";
      const pieces = files.map((file) => {
        const piece = reader.parse([file], carry);
        ({ carry } = piece);
        return piece;
      });
      if (pieces.every(({ isLate }) => !isLate)) {
        checkSamples(whole, pieces);
      }
      return whole.chunks.length === 0 ? "nothing" : "samples";
    },
  };
}
