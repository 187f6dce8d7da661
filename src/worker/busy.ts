import { createAnnouncer } from "#core/event.ts";
import { onDidReadMuch } from "#files/checkpoints/largeReads.ts";

const busy = createAnnouncer<number>();

/** Hears for how many milliseconds the event loop may not turn, before it does not. */
export const onDidBecomeBusy = busy.on;

// Ten times what the slowest reader, and the slowest comparison, take (bench/stretches.ts).
const MS_PER_BYTE = 1e-3;
const MS_PER_TENSOR = 0.1;
const MANY_TENSORS = 10_000;

onDidReadMuch((bytes) => busy.announce(Math.ceil(bytes * MS_PER_BYTE)));

/** To be called with the tensors of an index, before anything is made of them. */
export function announceTensors(count: number): void {
  if (count > MANY_TENSORS) {
    busy.announce(Math.ceil(count * MS_PER_TENSOR));
  }
}
