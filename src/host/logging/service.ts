import "../l10n.ts"; // First: titles of snippets are made as their module loads.
import { insertLogging } from "./insertLogging.ts";

/** What *Insert Gradient Logging…* does, as one value: the bundle that its first use loads. */
export interface LoggingService {
  readonly insertLogging: typeof insertLogging;
}

export const loggingService: LoggingService = { insertLogging };
