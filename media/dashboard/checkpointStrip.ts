import { RIGHT_MARGIN, VALUE_AXIS_WIDTH } from "./timeline/plotOptions.ts";
import { formatBytes } from "#core/format.ts";
import type { CheckpointFile } from "#core/run.ts";
import type { StepRange } from "../charts/viewport.ts";
import { button, element } from "../shared/element.ts";

/** ◆ below the step axis where a checkpoint was saved; a click inspects it. */
export interface CheckpointStrip {
  readonly element: HTMLElement;
  readonly show: (checkpoints: readonly CheckpointFile[], range: StepRange) => void;
}

export function createCheckpointStrip(onDidChoose: (path: string) => void): CheckpointStrip {
  const track = element("div", { class: "checkpoint-track" });
  const label = element("span", { class: "checkpoint-label", text: "saves", attributes: { title: "Checkpoints" } });
  const strip = element("div", { class: "checkpoint-strip", attributes: { role: "group" } }, [label, track]);
  strip.setAttribute("aria-label", "Checkpoints");
  label.style.width = `${VALUE_AXIS_WIDTH}px`; // The marks stand below their steps.
  strip.style.paddingRight = `${RIGHT_MARGIN}px`;
  let marks = new Map<string, HTMLButtonElement>();
  return { element: strip, show };

  function show(checkpoints: readonly CheckpointFile[], range: StepRange): void {
    strip.hidden = checkpoints.every(({ step }) => step === null);
    const known = new Map<string, HTMLButtonElement>();
    for (const checkpoint of checkpoints) {
      const { path, step } = checkpoint;
      if (step !== null && step >= range.min && step <= range.max) {
        const mark = marks.get(path) ?? markOf(checkpoint, () => onDidChoose(path));
        mark.style.left = `${((step - range.min) / (range.max - range.min)) * 100}%`;
        known.set(path, mark);
      }
    }
    if (known.size !== marks.size || Array.from(known.keys()).some((path) => !marks.has(path))) {
      track.replaceChildren(...known.values());
    }
    marks = known;
  }
}

function markOf({ path, step, bytes }: CheckpointFile, onClick: () => void): HTMLButtonElement {
  const title = `Inspect the checkpoint of step ${String(step)} (${formatBytes(bytes)}): ${path}`;
  return button("◆", { title, class: "checkpoint-mark", onClick });
}
