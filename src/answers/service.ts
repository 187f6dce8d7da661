import { AGENT_TOOLS } from "./agentTools.ts";
import { MOST_BYTES } from "./compose.ts";
import { refusalText } from "./refusal.ts";

/** All that answers agents, as one value: the editor loads it with the first question. */
export interface AnswerService {
  readonly tools: typeof AGENT_TOOLS;
  readonly mostBytes: number;
  readonly refusalText: typeof refusalText;
}

export const answerService: AnswerService = { tools: AGENT_TOOLS, mostBytes: MOST_BYTES, refusalText };
