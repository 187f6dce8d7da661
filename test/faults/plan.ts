/** What can go wrong in a call to the file system. */
export const FAULTS = [
  "EIO",
  "ESTALE",
  "EACCES",
  "EMFILE",
  "ENOSPC",
  "SIGKILL",
  "SIGSEGV",
  "SIGABRT",
  "SIGSTOP",
  "out of memory",
  "exit",
  "hang",
  "no answer",
  "a stuck thread",
  "deleted",
  "truncated",
  "replaced",
  "rewritten",
  "emptied",
] as const;
export type Fault = (typeof FAULTS)[number];

export interface FaultPlan {
  readonly kind: "fault";
  readonly fault: Fault;
  /** How many calls go well before. */
  readonly atCall: number;
  /** Calls of reduction threads are counted, not those of the process's own. */
  readonly isInThread: boolean;
  /** The file that is changed, for faults of files; `replaced` puts `<path>.other` in its place. */
  readonly path: string;
  /** It comes whenever the path is opened, and in each process that is started, until another plan is made. */
  readonly isLasting?: true;
}

export function isFaultPlan(message: unknown): message is FaultPlan {
  return typeof message === "object" && message !== null && "kind" in message && message.kind === "fault";
}

/** The file beside the program with a plan that is there from the start. */
export const PLANNED = "planned.json";

/** The file that appears beside the program when the fault has come. */
export const FIRED = "fired";
