import type { ByteSource } from "#core/byteSource.ts";
import { malformed, ok, type Outcome } from "#core/outcome.ts";
import type { TensorEntry } from "#core/tensor.ts";
import type { CheckpointIndex } from "#core/checkpoint.ts";
import { inOnePiece } from "#core/tensorPart.ts";
import { t } from "@vscode/l10n";

import type { FileReader, Probe } from "../reader.ts";
import { parseHeader } from "./header.ts";
import { checkTiling, type HeaderTensor } from "./layout.ts";
import { tensorKind } from "../shared/tensorKind.ts";
import { trimmed } from "../shared/tensorSize.ts";

export const safetensors: FileReader = {
  format: "safetensors",
  recognises: looksLikeSafetensors,
  readIndex: readSafetensors,
};

/** It has no signature: its name, or the brace that starts its JSON. The crate lets spaces stand before it. */
function looksLikeSafetensors({ source, head }: Probe): boolean {
  const start = head.subarray(LENGTH_BYTES).findIndex((byte) => !SPACES.has(byte));
  return source.name.endsWith(".safetensors") || (start >= 0 && head[LENGTH_BYTES + start] === BRACE);
}

const BRACE = 0x7b;
const SPACES: ReadonlySet<number> = new Set([0x20, 0x09, 0x0a, 0x0d]);

/**
 * Lists the tensors of a safetensors file: eight bytes N, N bytes of JSON, data. Accepts what the format's reference crate
 * accepts. Rejects only when the source does.
 */
export async function readSafetensors(source: ByteSource): Promise<Outcome<CheckpointIndex>> {
  const length = await readHeaderLength(source);
  if (length.kind !== "ok") {
    return length;
  }
  const bytes = await source.read(LENGTH_BYTES, length.value);
  const header = parseHeader(bytes, LENGTH_BYTES);
  if (header.kind !== "ok") {
    const unwritten = header.kind === "malformed" && isBlank(bytes.subarray(header.offset - LENGTH_BYTES));
    return unwritten ? { kind: "incomplete", have: header.offset, need: source.size } : header;
  }
  const dataStart = LENGTH_BYTES + length.value;
  const tensors = checkTiling(header.value.tensors, { dataStart, size: source.size });
  if (tensors.kind !== "ok") {
    return tensors;
  }
  const { metadata } = header.value;
  const entries = tensors.value.map((tensor) => toEntry(tensor, { file: source.name, dataStart, metadata }));
  return ok({ format: "safetensors", tensors: entries, metadata, notes: [] });
}

const LENGTH_BYTES = 8;

// The format's reference crate refuses larger headers (safetensors MAX_HEADER_SIZE).
const MAX_HEADER_BYTES = 100_000_000;

/** Enough to tell a file of zeros from one that only starts with eight of them. */
const BLANK_PROBE_BYTES = 4096;

async function readHeaderLength(source: ByteSource): Promise<Outcome<number>> {
  if (source.size < LENGTH_BYTES) {
    return { kind: "incomplete", have: source.size, need: LENGTH_BYTES };
  }
  const probe = await source.read(0, Math.min(source.size, BLANK_PROBE_BYTES));
  if (isBlank(probe)) {
    // The crate sizes its file before it writes, so all zeros means: not written yet.
    return { kind: "incomplete", have: 0, need: source.size };
  }
  const view = new DataView(probe.buffer, probe.byteOffset);
  const length = view.getUint32(4, true) * 2 ** 32 + view.getUint32(0, true);
  if (length === 0 || length > MAX_HEADER_BYTES) {
    const what = t(
      "The header length is {0} bytes, not 1 to {1}. This is not a safetensors file.",
      length,
      MAX_HEADER_BYTES,
    );
    return malformed(0, what);
  }
  const need = LENGTH_BYTES + length;
  return need > source.size ? { kind: "incomplete", have: source.size, need } : ok(length);
}

function isBlank(bytes: Uint8Array): boolean {
  return bytes.length > 0 && bytes.every((byte) => byte === 0);
}

interface EntryContext {
  readonly file: string;
  readonly dataStart: number;
  readonly metadata: Readonly<Record<string, string>>;
}

function toEntry(tensor: HeaderTensor, { file, dataStart, metadata }: EntryContext): TensorEntry {
  const { name, dtype, shape, elements, begin, end } = tensor;
  const kind = tensorKind({ name, dtype, file, declared: metadata["kind"] });
  const parts = inOnePiece(file, dataStart + begin, end - begin);
  return { name, kind, dtype, shape: trimmed(shape), elements, file, parts };
}
