import type { AgentQuestion } from "#answers/service.ts";
import type { FileAccess } from "#answers/fileAccess.ts";

/** Answers a question by the bundle beside the extension's own, loaded when the first one is asked. */
export async function answerAgent(question: AgentQuestion, access: FileAccess): Promise<string> {
  const service = await import("#answers/service.ts");
  return service.answerAgent(question, access);
}
