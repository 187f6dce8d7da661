import { expect, test } from "vitest";
import { toCheckpoint } from "#protocol/checkpoint.ts";
import { toDashboard } from "#protocol/dashboard.ts";
import { parseMessage } from "#protocol/parse.ts";
import { forWebview } from "#protocol/webviewWire.ts";

const { NaN: nan, POSITIVE_INFINITY: infinity } = Number;

/** What VS Code does to a message on its way to a webview: JSON, with typed arrays set aside. */
function carry(message: unknown): unknown {
  const buffers: Float64Array[] = [];
  const text = JSON.stringify(message, (_key, value: unknown) =>
    value instanceof Float64Array ? { buffer: buffers.push(value) - 1 } : value,
  );
  return JSON.parse(text, (_key, value: unknown) =>
    typeof value === "object" && value !== null && "buffer" in value ? buffers[Number(value.buffer)] : value,
  );
}

const tensor = { name: "w", kind: "gradient", dtype: "F32", shape: [2], elements: 2, file: "g", rms: nan } as const;
const counts = { nan: 1, posInf: 0, negInf: 0 };

test.each([
  {
    message: "a finding with its NaN and its limit Infinity, and a tensor whose last norm is -Infinity",
    schema: toDashboard,
    sent: {
      kind: "replace",
      sequence: 3,
      runs: [],
      run: {
        id: "/run",
        name: "run",
        source: "log",
        clipThreshold: null,
        series: [
          { role: "globalNorm", name: "grad_norm", steps: Float64Array.of(1, 2), values: Float64Array.of(nan, 0) },
        ],
        findings: [
          {
            rule: "GN101",
            severity: "error",
            tensor: null,
            start: 2,
            peak: 2,
            end: null,
            value: nan,
            limit: infinity,
            message: "NaN",
            source: { path: "log", line: 2 },
          },
        ],
        furtherNorms: [],
        checkpoints: [],
        tensors: [
          {
            name: "w",
            last: -infinity,
            median: null,
            p99: null,
            share: null,
            nonFinite: 2,
            zeros: 0,
            recent: Float64Array.of(-infinity),
          },
        ],
      },
    },
  },
  {
    message: "the norms of a tensor that holds NaN",
    schema: toCheckpoint,
    sent: {
      kind: "progress",
      doneBytes: 8,
      totalBytes: 8,
      secondsLeft: null,
      tensors: [
        {
          ...tensor,
          ...counts,
          l2: nan,
          linf: nan,
          firstNonFinite: 1,
          l1: null,
          mean: null,
          zeros: null,
          histogram: null,
        },
      ],
    },
  },
])("$message cross the wire to a webview unchanged", ({ schema, sent }) => {
  expect(parseMessage(schema as typeof toDashboard, carry(forWebview(sent)))).toEqual(sent);
});
