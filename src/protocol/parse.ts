import * as v from "valibot";

/** A message from another process, checked; undefined when it is not of the shape, so that it can be dropped. */
export function parseMessage<T>(schema: v.GenericSchema<unknown, T>, message: unknown): T | undefined {
  const parsed = v.safeParse(schema, message);
  return parsed.success ? parsed.output : undefined;
}

/** What is wrong with a message, in one line for the log. */
export function describeMismatch(schema: v.GenericSchema, message: unknown): string {
  const parsed = v.safeParse(schema, message);
  const issue = parsed.issues?.[0];
  return issue === undefined ? "no mismatch" : `${v.getDotPath(issue) ?? "message"}: ${issue.message}`;
}
