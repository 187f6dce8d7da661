import { expect, test } from "vitest";
import { runPython } from "../../support/python.ts";
import { follow } from "../../support/tensorRun.ts";
import type { TensorNormTable } from "../../support/tensorRun.ts";

type Rows = readonly Readonly<Record<string, number | "NaN">>[];

/** The norms of real gradients, by run and step; NaN by its name. */
const { runs } = runPython("trainFaults.py", "") as { readonly runs: Readonly<Record<string, Rows>> };

function tableOf(rows: Rows): TensorNormTable {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const norm = (row: Rows[number], name: string): number | undefined => (name in row ? Number(row[name]) : undefined);
  return Object.fromEntries(names.map((name) => [name, rows.map((row) => norm(row, name))]));
}

test.each<{ run: string; found: string[] }>([
  { run: "transformer", found: [] },
  { run: "LoRA", found: [] },
  { run: "convolutions", found: [] },
  { run: "nine of sixteen experts busy", found: [] },
  {
    run: "four of sixteen experts busy",
    found: [
      "GN301 error 2: 24 of 34 tensors have received no gradient since step 2: experts.4.weight, experts.4.bias, experts.5.weight, experts.5.bias, experts.6.weight and 19 more.",
    ],
  },
  {
    run: "a layer whose ReLU dies",
    found: [
      "GN301 warning 30: 5 of 100 tensors have received no gradient since step 30: layers.3.norm2.weight, layers.3.norm2.bias, layers.3.fc1.weight, layers.3.fc1.bias, layers.3.fc2.weight.",
    ],
  },
  {
    run: "a block whose backward breaks",
    found: [
      "GN304 error 40: Non-finite gradients start at layers.4.fc2.bias at step 40, in 81 of 100 tensors; the 19 from layers.5.norm1.weight on are finite.",
    ],
  },
])("torch's gradients of $run: $found", ({ run, found }) => {
  const findings = follow(tableOf(runs[run] ?? []), { enabled: new Set(["GN301", "GN304"]) }).findings();
  const told = findings.map(({ rule, severity, start, message }) => `${rule} ${severity} ${start}: ${message}`);
  expect([runs[run]?.length, told]).toEqual([expect.any(Number), found]);
});
