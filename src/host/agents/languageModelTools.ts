import { basename } from "node:path";
import { quoteData } from "#answers/dataText.ts";
import type { FileAccess } from "#answers/fileAccess.ts";
import { t } from "@vscode/l10n";
import * as vscode from "vscode";

/** Gives the agents of the editor the five questions. Nothing is read before one of them is asked. */
export function registerAgentTools(accessFor: (signal: AbortSignal) => FileAccess): vscode.Disposable {
  return vscode.Disposable.from(
    ...Object.keys(MESSAGES).map((name) =>
      vscode.lm.registerTool<unknown>(name, {
        prepareInvocation: ({ input }) => prepare(name, input),
        invoke: async (options, token) => invoke(name, options, { token, accessFor }),
      }),
    ),
  );
}

interface Asking {
  readonly token: vscode.CancellationToken;
  readonly accessFor: (signal: AbortSignal) => FileAccess;
}

/** Other extensions can ask as well, also where the manifest hides the tools. */
async function invoke(
  name: string,
  { input, tokenizationOptions }: vscode.LanguageModelToolInvocationOptions<unknown>,
  { token, accessFor }: Asking,
): Promise<vscode.LanguageModelToolResult> {
  if (!vscode.workspace.isTrusted) {
    throw new Error("Gradlens reads nothing for agents in Restricted Mode. Ask the user to trust the workspace.");
  }
  const { answerService } = await import("#answers/service.ts");
  const tool = answerService.tools.find((one) => one.name === name);
  if (tool === undefined) {
    throw new Error(`Gradlens has no tool ${name}.`);
  }
  const controller = new AbortController();
  const subscription = token.onCancellationRequested(() => controller.abort());
  try {
    const mostBytes = bytesFor(tokenizationOptions?.tokenBudget, answerService.mostBytes);
    const text = await tool.answer(input, accessFor(controller.signal), mostBytes);
    return new vscode.LanguageModelToolResult([new vscode.LanguageModelTextPart(text)]);
  } catch (error) {
    throw token.isCancellationRequested ? new vscode.CancellationError() : new Error(answerService.refusalText(error));
  } finally {
    subscription.dispose();
  }
}

// Numbers and names take a token for two or three bytes.
const BYTES_PER_TOKEN = 2;

function bytesFor(tokenBudget: number | undefined, mostBytes: number): number {
  return Math.min(mostBytes, tokenBudget === undefined ? mostBytes : tokenBudget * BYTES_PER_TOKEN);
}

/** What people see while a tool runs; only what may take long and read much is asked for first. */
function prepare(name: string, input: unknown): vscode.PreparedToolInvocation {
  const target = quoteData(basename(textIn(input, "run") ?? textIn(input, "path") ?? ""), TARGET_CHARACTERS);
  const invocationMessage = MESSAGES[name]?.(target);
  if (name !== "gradlens_inspect_checkpoint" || valueIn(input, "compute") !== true) {
    return invocationMessage === undefined ? {} : { invocationMessage };
  }
  return {
    invocationMessage: t("Computing the norms of {0}", target),
    confirmationMessages: {
      title: t("Compute norms"),
      message: t("Gradlens reads the whole of {0} to compute its norms. Nothing is changed.", target),
    },
  };
}

const TARGET_CHARACTERS = 60;

/** By the name of each tool. */
const MESSAGES: Readonly<Record<string, (target: string) => string>> = {
  gradlens_list_runs: () => t("Looking for training runs"),
  gradlens_get_norms: (run) => t("Reading gradient norms of {0}", run),
  gradlens_find_anomalies: (run) => t("Looking for anomalies in {0}", run),
  gradlens_recommend_clipping: (run) => t("Measuring clip thresholds on {0}", run),
  gradlens_inspect_checkpoint: (checkpoint) => t("Reading what is in {0}", checkpoint),
};

function textIn(input: unknown, name: string): string | undefined {
  const value = valueIn(input, name);
  return typeof value === "string" ? value : undefined;
}

function valueIn(input: unknown, name: string): unknown {
  return typeof input === "object" && input !== null
    ? new Map<string, unknown>(Object.entries(input)).get(name)
    : undefined;
}
