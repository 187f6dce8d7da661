import { describe, expect, test } from "vitest";
import type { Fingerprint, NormsPart } from "#protocol/normsPart.ts";
import { checkSameWhole, missingShares } from "#worker/shares/partSet.ts";

const FINGERPRINT: Fingerprint = {
  version: "1.2.3",
  files: [
    { name: "a.safetensors", bytes: 100, modifiedMs: 5 },
    { name: "b.safetensors", bytes: 100, modifiedMs: 5 },
  ],
  index: "abc",
  engine: { name: "simd", device: "cpu" },
  options: { full: false, only: null, kind: null },
};

function part(index: number, different: Partial<Fingerprint> = {}, count = 8): NormsPart {
  return {
    schema: "gradlens/norms-part@1",
    source: "model",
    share: { index, count },
    fingerprint: { ...FINGERPRINT, ...different },
    format: "safetensors",
    files: [],
    bytes: 0,
    threads: 1,
    notes: [],
    tensorCount: 0,
    tensors: [],
    refused: [],
    readBytes: 0,
    seconds: 0,
  };
}

describe("parts are refused that", () => {
  const [a, b] = FINGERPRINT.files;
  test.each([
    {
      differ: "in the number of shares",
      other: part(2, {}, 4),
      says: "1.json and 2.json do not belong together: one is of 8 shares, the other of 4.",
    },
    {
      differ: "in the version",
      other: part(2, { version: "1.3.0" }),
      says: "1.json and 2.json do not belong together: Gradlens 1.2.3 and 1.3.0 wrote them.",
    },
    {
      differ: "in an option",
      other: part(2, { options: { full: false, only: "^h\\.", kind: null } }),
      says: "1.json and 2.json do not belong together: they have different options: --only not given and ^h\\..",
    },
    {
      differ: "in the engine",
      other: part(2, { engine: { name: "onnxruntime", device: "cpu" } }),
      says: "1.json and 2.json do not belong together: simd on cpu and onnxruntime on cpu computed them; give --engine and --device.",
    },
    {
      differ: "in a file's time",
      other: part(2, { files: [a, b].flatMap((file) => (file ? [{ ...file, modifiedMs: file === b ? 6 : 5 }] : [])) }),
      says: "1.json and 2.json do not belong together: they are of different checkpoints, or b.safetensors was written in between.",
    },
    {
      differ: "in what is computed",
      other: part(2, { index: "abd" }),
      says: "1.json and 2.json do not belong together: they are of different checkpoints.",
    },
    { differ: "in nothing", other: part(1), says: "1.json and 2.json are both share 1 of 8. Leave one out." },
  ])("differ $differ", ({ other, says }) => {
    const named = [part(1), other].map((each, at) => ({ path: `${at + 1}.json`, part: each }));
    expect(() => checkSameWhole(named)).toThrow(new Error(says));
  });
});

test("shares that are missing are named, in whatever order the others are", () => {
  expect(missingShares([part(8), part(3), part(1), part(2), part(6)])).toEqual([4, 5, 7]);
});
