import yauzl from "yauzl";

import type { ByteSource } from "#core/byteSource.ts";
import { t } from "@vscode/l10n";

export interface Range {
  readonly start: number;
  readonly end: number;
}

/**
 * A source as the zip library wants to read it, which takes nothing else than its class. It asks twice for each entry, so
 * blocks are read. Every range it asked for since `startListing` was part of the directory.
 */
export class ZipAccess extends yauzl.RandomAccessReader {
  /** Why the source failed, which says nothing of the archive. */
  sourceFailure: { readonly error: unknown } | undefined;
  listed: Range | undefined;

  readonly #source: ByteSource;
  #isListing = false;
  #block: Uint8Array = new Uint8Array();
  #blockStart = 0;

  constructor(source: ByteSource) {
    super();
    this.#source = source;
  }

  startListing(): void {
    this.#isListing = true;
  }

  override read(...[target, at, length, position, done]: ReadArguments): void {
    const end = position + length;
    if (this.#isListing) {
      this.listed = { start: this.listed?.start ?? position, end };
    }
    if (!(end <= this.#source.size)) {
      done(new Error(t("the directory reaches byte {0} of {1}", end, this.#source.size)));
    } else if (this.#holds(position, end)) {
      this.#give(target, at, { start: position, end });
      done(null);
    } else {
      this.#load(position, length).then(
        () => {
          this.#give(target, at, { start: position, end });
          done(null);
        },
        (error: unknown) => {
          this.sourceFailure = { error };
          done(new Error(t("the source failed"), { cause: error }));
        },
      );
    }
  }

  #holds(start: number, end: number): boolean {
    return start >= this.#blockStart && end <= this.#blockStart + this.#block.length;
  }

  #give(target: Buffer, at: number, { start, end }: Range): void {
    target.set(this.#block.subarray(start - this.#blockStart, end - this.#blockStart), at);
  }

  async #load(position: number, length: number): Promise<void> {
    const most = Math.min(this.#source.size - position, Math.max(length, BLOCK_BYTES));
    this.#block = await this.#source.read(position, most);
    this.#blockStart = position;
  }
}

type ReadArguments = Parameters<yauzl.RandomAccessReader["read"]>;

const BLOCK_BYTES = 256 * 1024;
