import { AGENT_TOOLS } from "./agentTools.ts";
import { MOST_BYTES } from "./compose.ts";
import type { FileAccess } from "./fileAccess.ts";
import { refusalText } from "./refusal.ts";

/** What an agent asks: a tool, its input as it came, and how long the answer may be. */
export interface AgentQuestion {
  readonly name: string;
  readonly input: unknown;
  readonly mostBytes: number;
}

/**
 * Answers a question of an agent, or rejects with sentences for it: the bundle that the extension loads with the first
 * question, since most people ask none.
 */
export async function answerAgent({ name, input, mostBytes }: AgentQuestion, access: FileAccess): Promise<string> {
  const tool = AGENT_TOOLS.find((one) => one.name === name);
  if (tool === undefined) {
    throw new Error(`There is no tool ${name}.`);
  }
  try {
    return await tool.answer(input, access, Math.min(MOST_BYTES, mostBytes));
  } catch (error) {
    throw new Error(refusalText(error), { cause: error });
  }
}
