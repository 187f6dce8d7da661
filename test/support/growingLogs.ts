import type { LogFormat } from "#core/log.ts";
import { LANGUAGE_MODEL_CASES } from "../readers/logs/lineLogs/languageModelCases.ts";
import { OTHER_CASES } from "../readers/logs/lineLogs/otherCases.ts";
import { eventRecord, histogram, scalar, text, VERSION_RECORD } from "./tfEvents.ts";
import { mmcvJson } from "./trainerLogs.ts";
import { configRecord, consoleRecord, historyRecord, wandbLog } from "./wandb.ts";

export const STEPS = Array.from({ length: 30 }, (_, at) => (at < 20 ? at + 1 : at - 4)); // It is resumed at step 16.
export const NORMS = STEPS.map((step, at) => (at % 7 === 3 ? Number.NaN : step / 8));

function lines(line: (step: number, norm: number) => string): Buffer {
  return Buffer.from(STEPS.map((step, at) => `${line(step, NORMS[at] ?? 0)}\n`).join(""));
}

/** What several trainers of a kind print, twice: the second time the training is resumed. */
function printed(format: LogFormat): Buffer[] {
  return [...LANGUAGE_MODEL_CASES, ...OTHER_CASES]
    .filter((one) => one.format === format)
    .map((one) => Buffer.from(`max_grad_norm=0.5\n${one.text}\r\nmax_grad_norm=2.5\n${one.text}\n`));
}

/** As tqdm writes it: training's bar moves, is erased for the row, and is drawn anew below it. */
function consoleRow(step: number, at: number): string {
  const below = bar(STEPS[at - 1] ?? 0);
  return `${below}${bar(step)}\r   \r{'loss': 3.5, 'grad_norm': ${NORMS[at]}, 'epoch': 0.03}\n`;
}

function bar(step: number): string {
  return `\r ${step}%|▍  | ${step}/120 [00:35<1:11:19, 35.96s/it]`;
}

/** A log that is a file, byte by byte as its trainer writes it: by name, its possible contents. */
type GrowingFile = readonly [name: string, contents: readonly Buffer[]];

export const FILES: Readonly<Record<Exclude<LogFormat, "mlflow" | "mlflowDatabase" | "trackio">, GrowingFile>> = {
  custom: ["own.txt", [lines((step, norm) => `it=${step} g=${norm}`)]],
  jsonl: [
    "train.jsonl",
    [
      lines((step, norm) => `{"step": ${step}, "grad_norm": ${norm}, "max_grad_norm": ${step}, "é": 1}`),
      lines((step) => `{"step": ${step}, "grad_norm": 1${step % 5 === 4 ? "" : "}"}`),
      Buffer.from(`\uFEFF${lines((step, norm) => `{"step": ${step}, "grad_norm": ${norm}}\r`).toString()}`, "utf16le"),
    ],
  ],
  mmcv: ["run.log.json", [lines((step) => mmcvJson("train", 1 + Math.floor(step / 10), 1 + (step % 10), step))]],
  csv: [
    "metrics.csv",
    [
      Buffer.concat([Buffer.from("epoch,step,grad_norm,note\n"), lines((step, norm) => `0,${step},${norm},"a, b"`)]),
      Buffer.concat([Buffer.from("step;grad_norm\n"), lines((step) => `${step};${step},25`), Buffer.from("1;2;3\n")]),
    ],
  ],
  trainerState: [
    "trainer_state.json",
    [
      Buffer.from(
        JSON.stringify({
          global_step: 2,
          log_history: [
            { step: 1, grad_norm: 2 },
            { step: 2, loss: 3 },
          ],
        }),
      ),
    ],
  ],
  wandb: [
    "run-a.wandb",
    [
      wandbLog(
        configRecord([["max_grad_norm", "1.5"]]),
        ...STEPS.map((step, at) =>
          historyRecord(at, [
            ["train/grad_norm", String(NORMS[at])],
            ["train/global_step", String(step)],
          ]),
        ),
        consoleRecord("x".repeat(40_000)),
        historyRecord(99, [["train/grad_norm", "3"]]),
      ),
    ],
  ],
  tensorBoard: [
    "events.out.tfevents.1.host.2.0",
    [
      Buffer.concat([
        VERSION_RECORD,
        eventRecord({ step: 0 }, text("args/text_summary", '{"max_grad_norm": 0.5}')),
        ...STEPS.map((step, at) =>
          eventRecord({ step }, scalar("grad_norm", NORMS[at] ?? 0), histogram("gradients/w", [step, 1])),
        ),
      ]),
    ],
  ],
  huggingFaceConsole: ["train.out", [Buffer.from(STEPS.map(consoleRow).join(""))]],
  verl: ["train.log", printed("verl")],
  megatron: ["train.log", printed("megatron")],
  torchtitan: ["train.log", printed("torchtitan")],
  olmo: ["train.log", printed("olmo")],
  composer: ["console.log", printed("composer")],
  fairseq: ["train.log", printed("fairseq")],
  espnet: ["train.log", printed("espnet")],
  swin: ["log.txt", printed("swin")],
  metricLogger: ["log.txt", printed("metricLogger")],
  mmengine: ["train.log", printed("mmengine")],
  clu: ["train.log", printed("clu")],
  pipeLines: ["main.log", printed("pipeLines")],
  keyValueLines: ["train.log", printed("keyValueLines")],
  deepspeed: ["train.log", printed("deepspeed")],
  settingsFile: ["hparams.yaml", [Buffer.from("lr: 1\ngradient_clip_val: 0.5\nmax_grad_norm: 2\n")]],
};

export const PATTERNS = [String.raw`it=(?<step>\d+) g=(?<value>\S+)`];
