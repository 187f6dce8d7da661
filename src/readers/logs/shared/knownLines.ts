import type { SampleRows } from "#core/samplePlaces.ts";
import { writeLayout } from "./layout.ts";
import type { Likeness, LineLayout } from "./layout.ts";
import { lineKernel, SLOTS } from "./lineKernel.ts";
import type { LineKernel } from "./lineKernel.ts";
import type { TextBlock } from "./textBlocks.ts";

/** Reads lines that differ from one before in their numbers only, which most lines of a log do. */
export interface KnownLines<Known> {
  readonly pass: PassKnownLines;
  /** Whether a line is worth learning. Where none is like another, to learn all would take longer than to parse them. */
  readonly beginLesson: () => boolean;
  /** Learns a layout, and what it is known for; nothing where its numbers are not written plainly. */
  readonly learn: (layout: LineLayout, known: Known) => void;
}

/** Reads the lines from `start` of a block on, up to the first that must be parsed. */
export type PassKnownLines = (block: TextBlock, start: number, number: number) => Passed;

export interface Passed {
  readonly lines: number;
  /** Where the line after them begins. */
  readonly next: number;
}

/** Lines of one layout that follow each other, and their numbers. Reused, so that none of them makes an object. */
export interface LikeLines extends SampleRows {
  readonly textOf: (line: number) => string;
}

/** Adds the first lines, up to one that must be parsed; how many. */
export type TakeLines<Known> = (known: Known, lines: LikeLines) => number;

const FREE_LESSONS = 8;
const LINES_PER_LESSON = 16;

export function createKnownLines<Known>(likeness: Likeness, take: TakeLines<Known>): KnownLines<Known> {
  const kernel = lineKernel();
  // The newest first. Training's lines and, between them, those of validation and of a system's load take turns.
  const layouts: { readonly slot: number; readonly width: number; readonly known: Known }[] = [];
  const passed = { next: 0, lines: 0 };
  const rows = kernel?.rows ?? new Float64Array();
  // A row's first number is where its line begins.
  const lines = { count: 0, firstLine: 0, values: rows.subarray(1), width: 0, textOf };
  let text = "";
  let learned = 0;
  let lessonsLeft = FREE_LESSONS * LINES_PER_LESSON;

  function startOf(line: number): number | undefined {
    return kernel?.placeOf(rows[line * lines.width]);
  }

  function textOf(line: number): string {
    return text.slice(startOf(line), startOf(line + 1));
  }

  /** Goes on over all lines that have the first layout that fits; false when none does, or one of them must be parsed. */
  function passAlike({ readLines, placeOf }: LineKernel, number: number): boolean {
    for (const { slot, width, known } of layouts) {
      const count = readLines(slot, passed.next);
      if (count > 0) {
        lines.count = count;
        lines.firstLine = number + passed.lines;
        lines.width = width;
        const taken = take(known, lines);
        passed.lines += taken;
        lessonsLeft += taken;
        passed.next = placeOf(rows[taken * width]);
        return taken === count;
      }
    }
    return false;
  }

  return {
    pass(block, start, number) {
      passed.next = start;
      passed.lines = 0;
      if (kernel !== null && layouts.length > 0 && kernel.load(block)) {
        ({ text } = block);
        while (passed.next < block.text.length && passAlike(kernel, number)) {
          // Each time lines of another layout.
        }
      }
      return passed;
    },
    beginLesson() {
      const isWorth = lessonsLeft >= LINES_PER_LESSON;
      lessonsLeft -= isWorth ? LINES_PER_LESSON : 0;
      return isWorth;
    },
    learn(layout, known) {
      const slot = learned % SLOTS;
      if (kernel !== null && writeLayout(kernel.layoutIn(slot), layout, likeness)) {
        learned += 1;
        layouts.unshift({ slot, width: layout.tokens.length + 1, known });
        layouts.length = Math.min(layouts.length, SLOTS);
      }
    },
  };
}
