import type { ByteSource } from "#core/byteSource.ts";
import type { CheckpointIndex } from "#core/checkpoint.ts";
import { malformed, type Outcome } from "#core/outcome.ts";
import { t } from "@vscode/l10n";

import { valueAt } from "../pickle/access.ts";
import { readPickle } from "../pickle/readPickle.ts";
import { indexPickled } from "../pickle/pickledIndex.ts";
import { joinBigParameters, paddleArrayOf } from "./paddle.ts";
import type { FileReader, Probe } from "../reader.ts";
import { tensorLabel } from "../shared/tensorLabel.ts";

/** A pickle of NumPy arrays, as PaddlePaddle and many scripts write it. */
export const plainPickle: FileReader = {
  format: "pickle",
  recognises: looksLikePickle,
  readIndex: async (source) => readPlainPickle(source),
};

const PROTO = 0x80;
const LAST_PROTOCOL = 5;
/** Protocols 0 and 1 start with a mark, a container, a name, a number or a text. */
const FIRST_OPCODES = /^[(\]})cIKMJGFSVUTX]/;
const PICKLE_NAME = /\.(pkl|pickle|pdparams|pdopt|pt|pth|ckpt|bin|joblib)$/i;

function looksLikePickle({ source, head }: Probe): boolean {
  const [first = 0, second = 0] = head;
  const isVersioned = first === PROTO && second >= 2 && second <= LAST_PROTOCOL && !isSafetensorsHeader(head);
  return isVersioned || (PICKLE_NAME.test(source.name) && FIRST_OPCODES.test(String.fromCodePoint(first)));
}

/** A length of 640 bytes looks like protocol 2; then four zeros and a brace follow, where a pickle has other bytes. */
function isSafetensorsHeader(head: Uint8Array): boolean {
  return head[8] === BRACE && head.subarray(4, 8).every((byte) => byte === 0);
}

const BRACE = 0x7b;

async function readPlainPickle(source: ByteSource): Promise<Outcome<CheckpointIndex>> {
  const read = await readPickle(source);
  if (read.kind !== "ok") {
    return read;
  }
  const { value: root, end } = read.value;
  const isPaddle =
    /\.(pdparams|pdopt)$/i.test(source.name) || valueAt(root, "StructuredToParameterName@@") !== undefined;
  const { name: file, size } = source;
  const index = indexPickled({
    format: isPaddle ? "paddle" : "pickle",
    root,
    file,
    size,
    storage: ({ key }) => malformed(0, t('its storage "{0}" is not in this file.', tensorLabel(key))),
    inline: { file, offset: 0, byteLength: size, size, codings: [] },
    isBigEndian: false,
    ...(isPaddle ? { refine: paddleArrayOf } : {}),
    notes: end < size ? [t("{0} bytes follow the pickle and were not read.", size - end)] : [],
  });
  return isPaddle && index.kind === "ok" ? joinBigParameters(index.value, root) : index;
}
