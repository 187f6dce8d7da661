import { createAnnouncer } from "#core/event.ts";

const reads = createAnnouncer<number>();

/** Hears how many bytes have come at once: what is made of so many takes seconds without a turn of the event loop. */
export const onDidReadMuch = reads.on;

// Less is taken apart in a tenth of a second.
const MUCH_BYTES = 2 ** 20;

/** To be called when bytes have come, before anything is made of them. */
export function announceRead(bytes: number): void {
  if (bytes > MUCH_BYTES) {
    reads.announce(bytes);
  }
}
