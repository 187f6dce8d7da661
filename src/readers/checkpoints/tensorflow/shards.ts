import type { ByteSource, FolderSource } from "#core/byteSource.ts";
import { malformed, type ReadFailure } from "#core/outcome.ts";
import { inOnePiece, type TensorPart } from "#core/tensorPart.ts";
import { messageOf } from "#core/messageOf.ts";
import { t } from "@vscode/l10n";

/** The data files of a checkpoint, each opened once. */
export interface Shards {
  /** Undefined for one that is missing or cannot be opened, of which a note tells. */
  readonly open: (shard: number) => Promise<ByteSource | undefined>;
  /** Bytes of a data file; incomplete when it has not so many. */
  readonly take: (range: ShardRange) => Promise<TensorPart | ReadFailure | undefined>;
  /** Whether more bytes were taken than there are, which means some more than once. */
  readonly checkSizes: () => ReadFailure | undefined;
  readonly notes: () => readonly string[];
}

export interface ShardRange {
  readonly shard: number;
  readonly offset: number;
  readonly size: number;
}

interface Bundle {
  readonly prefix: string;
  readonly folder: FolderSource;
  readonly count: number;
}

export function createShards({ prefix, folder, count }: Bundle): Shards {
  const opened = new Map<number, Promise<ByteSource | undefined>>();
  const taken = new Map<ByteSource, number>();
  const notes: string[] = [];
  const nameOf = (shard: number): string => `${prefix}.data-${fiveDigits(shard)}-of-${fiveDigits(count)}`;

  async function openNow(shard: number): Promise<ByteSource | undefined> {
    const name = nameOf(shard);
    try {
      const source = await folder.open(name);
      if (source === undefined) {
        notes.push(t("{0}: the index names this file, but it is missing.", name));
      }
      return source;
    } catch (error) {
      notes.push(`${name}: ${messageOf(error)}`);
      return undefined;
    }
  }

  async function open(shard: number): Promise<ByteSource | undefined> {
    const source = opened.get(shard) ?? openNow(shard);
    opened.set(shard, source);
    return source;
  }

  return {
    open,
    async take({ shard, offset, size }) {
      const source = await open(shard);
      if (source === undefined) {
        return undefined;
      }
      if (offset + size > source.size) {
        return { kind: "incomplete", have: source.size, need: offset + size };
      }
      taken.set(source, (taken.get(source) ?? 0) + size);
      return inOnePiece(nameOf(shard), offset, size)[0];
    },
    checkSizes() {
      const [overfull] = Array.from(taken).filter(([source, bytes]) => bytes > source.size);
      return overfull === undefined
        ? undefined
        : malformed(
            0,
            t(
              "{0} has {1} bytes, but its variables take {2}. Save it again.",
              overfull[0].name,
              overfull[0].size,
              overfull[1],
            ),
          );
    },
    notes: () => notes,
  };
}

function fiveDigits(number: number): string {
  return String(number).padStart(5, "0");
}
