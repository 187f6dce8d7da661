// Lines as trainers print them, character for character. Each writer takes what a test wants to find again.

/** Megatron-LM: `%.3f` for the norm, `%.6E` for losses. Without a norm the whole interval overflowed. */
export function megatronLine(step: number, values: { loss?: number; norm?: number; skipped?: number } = {}): string {
  const { loss, norm, skipped = 0 } = values;
  return [
    ` [2025-10-11 18:11:22] iteration ${String(step).padStart(8)}/  500000`,
    `consumed samples: ${String(step * 4).padStart(12)}`,
    "elapsed time per iteration (ms): 179.8",
    "learning rate: 4.339535E-05",
    "global batch size:     1",
    ...(loss === undefined ? [] : [`lm loss: ${scientific(loss)}`]),
    "loss scale: 1.0",
    ...(norm === undefined ? [] : [`grad norm: ${norm.toFixed(3)}`]),
    `number of skipped iterations: ${String(skipped).padStart(3)}`,
    "number of nan iterations:   0 |",
  ].join(" | ");
}

/** As Python's `%.6E`. */
function scientific(value: number): string {
  const [digits = "", power = "0"] = value.toExponential(6).split("e");
  return `${digits}E${power.startsWith("-") ? "-" : "+"}${power.slice(1).padStart(2, "0")}`;
}

/** torchtitan, with the colours it has unless they are switched off. */
export function torchtitanLine(step: number, values: { loss: number; norm: number }, isColoured = true): string {
  const paint = (colour: number, text: string): string => (isColoured ? `\u001b[${colour}m${text}\u001b[39m` : text);
  return `[rank0]:[titan] 2025-02-01 10:00:00,123 - root - INFO - ${[
    paint(31, `step: ${String(step).padStart(2)}`),
    paint(32, `loss: ${values.loss.toFixed(4).padStart(7)}`),
    paint(38, `grad_norm: ${values.norm.toFixed(4).padStart(7)}`),
    paint(33, "memory: 12.34GiB(25.00%)"),
    paint(34, "tps: 12,345"),
    paint(36, "tflops: 123.45"),
    paint(35, "mfu: 12.34%"),
  ].join("  ")}`;
}

export function torchtitanValidation(step: number, loss: number): string {
  return `[rank0]:[titan] 2025-02-01 10:00:00,123 - root - INFO - validate step: ${String(step).padStart(2)}  loss: ${loss.toFixed(4).padStart(7)}  memory: 12.34GiB(25.00%)  tps: 12,345`;
}

/** verl under Ray. Numbers are Python's own, of numpy 2 with their type. */
export function verlLine(step: number, norm: string): string {
  return `(TaskRunner pid=1234) step:${step} - global_seqlen/min:159906 - actor/pg_loss:-0.0036 - actor/grad_norm:${norm} - actor/lr:1e-06 - critic/lr(1e-4):0.100 - x:-0.1 - training/global_step:${step}`;
}

export function verlValidation(step: number, score: number): string {
  return `(TaskRunner pid=1234) step:${step} - val-core/openai/gsm8k/reward/mean@1:${score}`;
}

export function llmcLine(step: number, values: { loss: number; norm: number }): string {
  return `step ${String(step).padStart(4)}/18865 | loss ${values.loss.toFixed(6)} (+1.23z)| norm ${values.norm.toFixed(4)} (nanz)| lr 1.20e-05 | 250.11 ms | 45.6% bf16 MFU | 523456 tok/s`;
}

export function nanochatLine(step: number, values: { loss: number; norm: number }): string {
  return `step ${String(step).padStart(5, "0")}/21400 (0.05%) | loss: ${values.loss.toFixed(6)} | grad norm: ${values.norm.toFixed(4)} | lrm: 1.00 | dt: 512.33ms | tok/sec: 1,023,456 | mfu: 45.6 | total time: 0.10m`;
}

export function buildNanogptLine(step: number, values: { loss: number; norm: number }): string {
  return `step ${String(step).padStart(5)} | loss: ${values.loss.toFixed(6)} | lr 4.2857e-06 | norm: ${values.norm.toFixed(4)} | dt: 250.11ms | tok/sec: 131234.56`;
}

export function nemoLine(step: number, loss: number): string {
  return `0: Training epoch 1, iteration ${step - 100}/99 | lr: 1.469e-05 | global_batch_size: 128 | global_step: ${step} | reduced_train_loss: ${loss} | train_step_timing in s: 12.22 | consumed_samples: 12544`;
}

export function torchtuneLine(step: number, values: { loss: number; norm: number }): string {
  return `Step ${step} | loss:${values.loss} lr:2e-05 tokens_per_second_per_gpu:512.3 grad_norm:${values.norm} `;
}

export function fairseqText(updates: number, values: { loss: number; norm: number; clip: number }): string {
  return `2024-01-01 10:00:00 | INFO | train_inner | epoch 001:    ${updates} / 1978 loss=${values.loss}, ppl=1176.27, wps=12345.6, ups=1.5, num_updates=${updates}, lr=1.25e-05, gnorm=${values.norm.toFixed(3)}, clip=${values.clip}, loss_scale=128, train_wall=10, gb_free=20.1, wall=12`;
}

export function fairseqJson(updates: number, values: { loss: number; norm: number; clip: number }): string {
  return `2024-01-01 10:00:00 | INFO | train_inner | {"epoch": 1, "update": 0.05, "loss": "${values.loss}", "num_updates": "${updates}", "lr": "1.25e-05", "gnorm": "${values.norm.toFixed(3)}", "clip": "${values.clip}", "loss_scale": "128", "train_wall": "10"}`;
}

export function fairseqEpoch(updates: number, norm: number): string {
  return `2024-01-01 10:00:00 | INFO | train | {"epoch": 1, "train_loss": "9.8", "train_num_updates": "${updates}", "train_lr": "1e-05", "train_gnorm": "${norm}", "train_clip": "10"}`;
}

export function espnetLine(epoch: number, batches: readonly [number, number], norm: number): string {
  return `[host] 2023-10-27 13:37:46,484 (trainer:753) INFO: ${epoch}epoch:train:${batches[0]}-${batches[1]}batch: iter_time=1.924e-04, forward_time=0.040, loss=153.944, backward_time=0.049, grad_norm=${norm.toFixed(3)}, clip=50.000, loss_scale=1.000, optim_step_time=0.015, optim0_lr0=1.007e-05, train_time=0.127`;
}

export function funasrLine(updates: number, norm: number): string {
  return `[host] 2023-10-27 13:37:46,484 (trainer:753) INFO: 1epoch:train:1-50batch:${updates}num_updates: loss=3.5, grad_norm=${norm}`;
}

export function swinLine(epoch: number, at: number, norm: number): string {
  return `[2024-01-01 10:00:00 swin_tiny] (main.py 226): INFO Train: [${epoch}/300][${at}/1251]\teta 1:02:03 lr 0.000001\t wd 0.0500\ttime 0.5000 (0.6000)\tloss 6.9000 (6.9100)\tgrad_norm ${norm.toFixed(4)} (inf)\tloss_scale 65536.0000 (65536.0000)\tmem 12000MB`;
}

export function metricLoggerLine(epoch: number, at: number, norm: number): string {
  return `Epoch: [${epoch}]  [ ${at}/100]  eta: 0:01:00  lr: 0.0001  loss: 2.5000 (2.6000)  grad_norm: ${norm.toFixed(2)} (1.10)  time: 0.5  data: 0.001  max mem: 12000`;
}

export function mmengineLine(epoch: number, at: number, norm: number): string {
  return `2023/10/03 12:36:20 - mmengine - INFO - Epoch(train)  [${epoch}][ ${at}/2476]  lr: 1.0000e-03  eta: 1 day, 2:03:04  time: 0.3466  data_time: 0.0819  memory: 5876  grad_norm: ${norm.toFixed(4)}  loss: 2.4652  loss_cls: 1.5`;
}

export function mmcvTextLine(epoch: number, at: number, norm: number): string {
  return `2023-04-19 10:00:00,000 - mmdet - INFO - Epoch [${epoch}][${at}/7330]\tlr: 1.978e-03, eta: 2:03:04, time: 0.5, data_time: 0.1, memory: 3800, loss: 5.1, grad_norm: ${norm.toFixed(4)}`;
}

export function mmcvJson(mode: "train" | "val", epoch: number, iter: number, norm?: number): string {
  const values = mode === "train" ? { lr: 0.002, loss: 5.1, grad_norm: norm } : { bbox_mAP: 0.1 };
  return JSON.stringify({ mode, epoch, iter, ...values });
}

/** OLMo-core: one value per line, four digits. */
export function olmoRecord(step: number, values: { loss: string; norm: string }): string {
  return [
    `2024-05-01 12:00:00.123\thost:0\tolmo_core.train\tINFO\t[step=${step}/739328,epoch=1,eta=5h11m]`,
    "    optim/LR (group 0)=0.0004",
    `    optim/total grad norm=${values.norm}`,
    "    optim/step skipped=0",
    `    train/CE loss=${values.loss}`,
    "    throughput/device/tokens per second=1,234",
  ].join("\n");
}

export function deepspeedStep(step: number, skipped: number): string {
  return `[2021-06-10 20:47:51,885] [INFO] [logging.py:60:log_dist] [Rank 0] step=${step}, skipped=${skipped}, lr=[1e-05, 0.0], mom=[(0.9, 0.999), (0.9, 0.999)]`;
}

export function deepspeedOverflow(scale: number): string {
  return `[deepspeed] OVERFLOW! Rank 0 Skipping step. Attempted loss scale: ${scale}, reducing to ${scale / 2}`;
}

/** Composer's console logger: a block of a step, below what says how far the training is. */
export function composerBlock(progress: string, batchesBefore: number, values: { loss: string; norm: string }): string {
  return [
    `${progress}:`,
    `\t Train time/batch: ${batchesBefore}`,
    `\t Train loss/train/total: ${values.loss}`,
    `\t Train l2_norm/grad/net.0.weight: ${values.norm}`,
    `\t Train l2_norm/grad/global: ${values.norm}`,
    "\t Train lr-DecoupledAdamW/group0: 0.1000",
  ].join("\n");
}

export function composerEvaluation(crossEntropy: number): string {
  return [
    "[Eval batch=1/2] Eval on eval data",
    "[Eval batch=2/2] Eval on eval data:",
    `\t Eval metrics/eval/CrossEntropy: ${crossEntropy.toFixed(4)}`,
  ].join("\n");
}

/** Composer's file logger: what a batch begins with stands at the batches before it, what it ends with behind it. */
export function composerFile(batch: number, values: { loss: string; norm: string }): string {
  return [
    `[metric][batch=${batch - 1}]: time/batch: ${batch - 1} `,
    `[metric][batch=${batch - 1}]: loss/train/total: ${values.loss} `,
    `[metric][batch=${batch}]: l2_norm/grad/global: ${values.norm} `,
    `[trace]: algorithm_traces/GradientClipping/Event.AFTER_TRAIN_BATCH:1`,
    `[stderr]: [epoch=1][batch=${batch}/20]:`,
    `[stderr]: \t Train l2_norm/grad/global: ${values.norm}`,
  ].join("\n");
}

/** nanotron: three digits and a unit; an infinity gets the last of its units. */
export function nanotronLine(step: number, values: { loss: string; norm: string }): string {
  return `11/30/2026 23:42:28 [INFO|DP=0|PP=0|TP=0|host]: iteration: ${step} / 60 | consumed_tokens: 2.05B | time_per_iteration_ms: 12.5 | tokens_per_sec: 1.23M | global_batch_size: 1.02K | lm_loss: ${values.loss} | lr: 0.0493 | grad_norm: ${values.norm}`;
}

/** fairseq2's metric recorder; `title` is Train, or Validation with what was evaluated behind the step. */
export function fairseq2Line(title: string, step: string, values: { loss: number; norm?: number }): string {
  const norm = values.norm === undefined ? "" : ` | Gradient Norm: ${values.norm}`;
  return `[23:42:28] ${title} Metrics (step ${step} - NLL Loss: ${values.loss}${norm} | Learning Rate: 5e-05 | Number of Elements: 1,234 | Wall Time: 12s`;
}

/** CLU's logging writer under absl. */
export function cluLine(step: number, values: { loss: string; norm: string }, collection = ""): string {
  return `I1130 23:19:32.322422 140411576248000 logging_writer.py:49] [${step}]${collection} grad_norm=${values.norm}, grad_norm/Dense_0/kernel=${values.norm}, loss=${values.loss}, lr=0.05`;
}
