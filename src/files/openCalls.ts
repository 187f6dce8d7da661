/** A call to the file system that has not come back. */
export interface OpenCall {
  readonly path: string;
}

const calls = new Set<OpenCall>();

/** Waits for a call about a path. Until it comes back others can see that it does not. */
export async function tracked<T>(path: string, call: Promise<T>): Promise<T> {
  const open = { path };
  calls.add(open);
  try {
    return await call;
  } finally {
    calls.delete(open);
  }
}

export function openCalls(): Iterable<OpenCall> {
  return calls.values();
}
