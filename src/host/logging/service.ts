// oxlint-disable-next-line import/no-unassigned-import -- It sets the language, before titles of snippets are made.
import "../l10n.ts";
import { insertLogging } from "./insertLogging.ts";

/** What *Insert Gradient Logging…* does, as one value: the bundle that its first use loads. */
export interface LoggingService {
  readonly insertLogging: typeof insertLogging;
}

export const loggingService: LoggingService = { insertLogging };
