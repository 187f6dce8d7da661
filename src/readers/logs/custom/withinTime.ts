import { types } from "node:util";
import { createContext, Script } from "node:vm";

const SCRIPT = new Script("work()");

/**
 * Whether work was done within a time. It is stopped otherwise, wherever it is: a regular expression can be stopped in no
 * other way. What it had done by then stays done.
 */
export function isDoneWithin(limitMs: number, work: () => void): boolean {
  try {
    SCRIPT.runInContext(createContext({ work }), { timeout: limitMs });
    return true;
  } catch (error) {
    // It comes from another realm, where Error is another.
    if (types.isNativeError(error) && "code" in error && error.code === "ERR_SCRIPT_EXECUTION_TIMEOUT") {
      return false;
    }
    throw error;
  }
}
