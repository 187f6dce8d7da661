import type { Browser } from "playwright-core";
import { createFindingsBook } from "#following/findingsBook.ts";
import { describeAdvice, scalePlan } from "#host/dashboard/clipAdvice.ts";
import { factsOf } from "#host/dashboard/runFacts.ts";
import type { TabContext } from "#host/dashboard/tabContext.ts";
import { answerTensors } from "#host/dashboard/tensors.ts";
import { answerTimeline } from "#host/dashboard/timeline.ts";
import { describeRun } from "#host/dashboard/dashboardModel.ts";
import type { FromDashboard, ToDashboard } from "#protocol/dashboard.ts";
import type { ToCompare } from "#protocol/dashboard/compare.ts";
import { createRunStore } from "#store/runStore.ts";
import { layeredRun } from "./layeredRun.ts";
import { openWebviewPage } from "./webviewPage.ts";
import type { WebviewOptions, WebviewPage } from "./webviewPage.ts";

/** The dashboard's page with a run that has findings, tensors and another run beside it, answered by the host's own code. */
export interface AnsweredDashboard extends WebviewPage {
  /** Answers what the page asks, until it asks nothing more. */
  readonly answer: () => Promise<void>;
}

export async function openAnsweredDashboard(
  options: WebviewOptions & { readonly browser: Browser },
): Promise<AnsweredDashboard> {
  const view = await openWebviewPage("dashboard", options);
  const store = createRunStore();
  const findings = createFindingsBook(store);
  const run = layeredRun(store, { blocks: 8, steps: 400, change: spoil });
  const names = { ofRun: () => "run", ofFile: () => "metrics.jsonl" };
  const runs = [
    { id: run.id, name: "run" },
    { id: "/other", name: "other" },
  ];
  await view.send({ kind: "replace", sequence: 1, runs, run: describeRun(run, names, findings.of(run)) });
  let answered = 0;

  async function answer(): Promise<void> {
    for (let quiet = 0; quiet < 3; quiet += 1) {
      const posted = (await view.posted()) as unknown as readonly FromDashboard[];
      const given = posted.slice(answered).flatMap((asked) => answersTo(asked, { run, store, findings }));
      answered = posted.length;
      for (const message of given) {
        await view.send(message);
        quiet = 0;
      }
      await view.page.evaluate("new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))");
    }
  }

  await answer();
  return { ...view, answer };
}

function answersTo(asked: FromDashboard, context: Omit<TabContext<never>, "post">): readonly ToDashboard[] {
  const given: ToDashboard[] = [];
  if (asked.kind === "timeline") {
    answerTimeline(asked.request, { ...context, post: (said) => void given.push({ kind: "timeline", answer: said }) });
  } else if (asked.kind === "tensors") {
    answerTensors(asked.request, { ...context, post: (said) => void given.push({ kind: "tensors", answer: said }) });
  } else if (asked.kind === "clipping") {
    given.push(...adviceOn(context.run, asked.request));
  } else if (asked.kind === "compare") {
    given.push({ kind: "compare", answer: comparisonWith(context.run, asked.request) });
  }
  return given;
}

function adviceOn(run: Run, request: Extract<FromDashboard, { kind: "clipping" }>["request"]): readonly ToDashboard[] {
  if (request.kind === "advise") {
    return [{ kind: "clipping", answer: describeAdvice(run, request) }];
  }
  const plan = request.kind === "scalePlan" ? scalePlan(run, request) : undefined;
  return request.kind !== "scalePlan" || plan === undefined
    ? []
    : [{ kind: "clipping", answer: { kind: "tensorPlan", id: request.id, plan } }];
}

type Run = TabContext<never>["run"];

/** Two runs that differ in all that can be said. */
function comparisonWith(run: Run, asked: Extract<FromDashboard, { kind: "compare" }>["request"]): ToCompare {
  const norms = run.first("globalNorm");
  const [steps, values] = [Float64Array.from(norms?.steps() ?? []), Float64Array.from(norms?.values() ?? [])];
  const divergence = { step: 3, own: 1, other: 2, difference: 0.5 };
  return {
    kind: "comparison",
    runId: run.id,
    otherId: asked.otherId,
    tolerance: asked.tolerance,
    steps,
    values,
    ratioSteps: steps,
    ratios: values,
    ratio: { median: 2, spread: 0.1, pairs: 400 },
    marks: [],
    suspicion: null,
    divergence,
    tensors: [{ ...divergence, tensor: "model.layers.1.mlp.up_proj.weight" }],
    divergingTensors: 2,
    commonTensors: 9,
    facts: factsOf(run, run),
  };
}

function spoil(name: string, values: Float64Array): void {
  if (name === "model.layers.5.mlp.down_proj.weight") {
    values[211] = 40;
  }
  if (name === "model.layers.3.attn.q_proj.weight") {
    values.fill(Number.NaN, 360, 372);
  }
}
