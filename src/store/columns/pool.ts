/** A block of memory, cut into slots of one size, as numbers of each width. */
export interface Page {
  readonly slotBytes: number;
  readonly words: Uint32Array<ArrayBuffer>;
  readonly singles: Float32Array<ArrayBuffer>;
  readonly doubles: Float64Array<ArrayBuffer>;
  /** Offsets of slots that were given back. */
  readonly free: number[];
  /** From here on no slot was taken yet. */
  unusedFrom: number;
}

/** A piece of a page; `offset` is in bytes, a multiple of 8. What is in it at first is chance. */
export interface Slot {
  readonly page: Page;
  readonly offset: number;
}

/**
 * Memory for very many short columns: a buffer of its own for each would take more than what is in it. Who takes a slot
 * gives it back; a pool that is let go leaves with all its slots.
 */
export interface Pool {
  /** `bytes` is a multiple of 8. */
  readonly take: (bytes: number) => Slot;
  readonly give: (slot: Slot) => void;
}

const LARGEST_PAGE = 65_536;
// So that a small log stays small, pages grow with their number.
const SMALLEST_PAGE = 2048;
// Larger slots get a page of their own.
const LEAST_SLOTS = 4;
const MOST_EMPTY = 16;

export function createPool(): Pool {
  /** Pages with room, by the size of their slots. */
  const roomy = new Map<number, Set<Page>>();
  /** Series grow together, so what some leave empty the next ones take. */
  const empty: ArrayBuffer[] = [];
  let pageBytes = SMALLEST_PAGE;

  function pagesOf(slotBytes: number): Set<Page> {
    const pages = roomy.get(slotBytes) ?? new Set();
    roomy.set(slotBytes, pages);
    return pages;
  }

  function addPage(pages: Set<Page>, slotBytes: number): Page {
    const page = createPage(empty.pop() ?? new ArrayBuffer(pageBytes), slotBytes);
    pageBytes = Math.min(2 * pageBytes, LARGEST_PAGE);
    pages.add(page);
    return page;
  }

  function keepEmpty(buffer: ArrayBuffer): void {
    if (buffer.byteLength === LARGEST_PAGE && empty.length < MOST_EMPTY) {
      empty.push(buffer);
    }
  }

  return {
    take(bytes) {
      if (bytes * LEAST_SLOTS > pageBytes) {
        return { page: createPage(new ArrayBuffer(bytes), bytes), offset: 0 };
      }
      const pages = pagesOf(bytes);
      const [page = addPage(pages, bytes)] = pages;
      const offset = page.free.pop() ?? page.unusedFrom;
      page.unusedFrom = Math.max(page.unusedFrom, offset + bytes);
      if (!hasRoom(page)) {
        pages.delete(page);
      }
      return { page, offset };
    },
    give({ page, offset }) {
      if (isOneSlot(page)) {
        return;
      }
      const pages = pagesOf(page.slotBytes).add(page);
      page.free.push(offset);
      if (page.free.length * page.slotBytes === page.unusedFrom) {
        pages.delete(page);
        keepEmpty(page.words.buffer);
      }
    },
  };
}

/** The only slot of its page with room for more; what is in it stays. Undefined where the page has other slots. */
export function extend({ page }: Slot, bytes: number): Slot | undefined {
  // Not a copy for the garbage collector to find: the old memory is free at once.
  return isOneSlot(page) ? { page: createPage(page.words.buffer.transfer(bytes), bytes), offset: 0 } : undefined;
}

function createPage(buffer: ArrayBuffer, slotBytes: number): Page {
  return {
    slotBytes,
    words: new Uint32Array(buffer),
    singles: new Float32Array(buffer),
    doubles: new Float64Array(buffer),
    free: [],
    unusedFrom: 0,
  };
}

function isOneSlot({ words, slotBytes }: Page): boolean {
  return words.byteLength === slotBytes;
}

function hasRoom({ words, slotBytes, free, unusedFrom }: Page): boolean {
  return free.length > 0 || unusedFrom + slotBytes <= words.byteLength;
}
