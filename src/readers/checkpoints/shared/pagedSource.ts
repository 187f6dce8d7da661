import type { ByteSource } from "#core/byteSource.ts";

/**
 * A source that reads whole pages and keeps the last ones: for formats whose many small records lie near each other, where
 * a read from the disk for each would take longer than everything else. The bytes it gives are not to be changed.
 */
export function pagedSource(source: ByteSource): ByteSource {
  const pages = new Map<number, Promise<Uint8Array>>();
  let latest: { readonly page: number; readonly bytes: Promise<Uint8Array> } | undefined;
  const pageAt = async (page: number): Promise<Uint8Array> => {
    if (page === latest?.page) {
      return latest.bytes;
    }
    const start = page * PAGE_BYTES;
    const bytes = pages.get(page) ?? source.read(start, Math.min(PAGE_BYTES, source.size - start));
    pages.delete(page);
    pages.set(page, bytes); // The last in the map was used last.
    latest = { page, bytes };
    const [oldest] = pages.keys();
    if (oldest !== undefined && pages.size > MAX_PAGES) {
      pages.delete(oldest);
    }
    return bytes;
  };
  return {
    name: source.name,
    size: source.size,
    async read(offset, length) {
      const first = Math.floor(offset / PAGE_BYTES);
      const last = Math.floor((offset + length - 1) / PAGE_BYTES);
      if (length <= 0 || offset < 0 || offset + length > source.size || last - first > MAX_PAGES_AT_ONCE) {
        return source.read(offset, length);
      }
      const start = offset - first * PAGE_BYTES;
      if (first === last) {
        return (await pageAt(first)).subarray(start, start + length);
      }
      const bytes = new Uint8Array((last - first + 1) * PAGE_BYTES);
      for (let page = first; page <= last; page += 1) {
        bytes.set(await pageAt(page), (page - first) * PAGE_BYTES);
      }
      return bytes.subarray(start, start + length);
    },
  };
}

// One read of a disk gives as much as quickly as a few bytes.
const PAGE_BYTES = 32 * 1024;
// 16 MiB: the records that are open at one time, with their neighbours.
const MAX_PAGES = 512;
// A longer range is read at once.
const MAX_PAGES_AT_ONCE = 8;
