/** Data that are not what their coding says: one tensor's trouble, while a file that cannot be read is everyone's. */
export function createDamage(what: string, cause?: unknown): Error {
  const damage = new Error(what, { cause });
  damage.name = DAMAGE;
  return damage;
}

export function isDamage(error: unknown): boolean {
  return error instanceof Error && error.name === DAMAGE;
}

const DAMAGE = "DamagedData";
