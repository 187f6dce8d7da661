import { messageOf } from "#core/messageOf.ts";
import { quoteData } from "./dataText.ts";

/** Why a question has no answer, in sentences that say what to do; what they quote from files is neutralised already. */
export class AnswerRefusal extends Error {}

// A reason names a path and says what is wrong with it.
const MOST_CHARACTERS = 300;

/** Any failure as text for an agent: messages from elsewhere may quote files, so they are data. */
export function refusalText(error: unknown): string {
  if (error instanceof AnswerRefusal) {
    return error.message;
  }
  return `It could not be read: ${quoteData(messageOf(error), MOST_CHARACTERS)}`;
}
