/**
 * Waits for work until its time is up; tells whether it came to its end. Work that has failed by then is an error, what becomes
 * of it later is nobody's: a disk may hold a call for minutes.
 */
export async function endsBefore(work: Promise<void>, deadline: AbortSignal | undefined): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const giveUp = (): void => resolve(false);
  deadline?.addEventListener("abort", giveUp);
  try {
    return await Promise.race([work.then(() => true), promise]);
  } catch (error) {
    if (deadline?.aborted === true) {
      return false;
    }
    throw error;
  } finally {
    deadline?.removeEventListener("abort", giveUp);
  }
}
