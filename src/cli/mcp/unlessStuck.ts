import { ALIVE_MS } from "#protocol/worker.ts";
import { createStuckWatch } from "#worker/stuck.ts";

/**
 * What work comes to; rejects with a sentence when the disk keeps it waiting for too long. What the disk then still answers
 * is nobody's.
 */
export async function unlessStuck<T>(work: () => Promise<T>, maxDiskMs: number): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const look = createStuckWatch(maxDiskMs);
  const timer = setInterval(() => {
    const stuck = look();
    if (stuck !== undefined) {
      const what = stuck.path === null ? "" : `${stuck.path}: `;
      reject(new Error(`${what}The disk has not answered for ${stuck.seconds} s. Ask again when it does.`));
    }
  }, ALIVE_MS);
  try {
    return await Promise.race([work(), promise]);
  } finally {
    clearInterval(timer);
  }
}
