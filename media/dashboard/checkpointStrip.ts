import { RIGHT_MARGIN, VALUE_AXIS_WIDTH } from "./timeline/plotOptions.ts";
import type { CheckpointMark } from "#protocol/checkpointMark.ts";
import { t } from "@vscode/l10n";
import type { StepRange } from "../charts/viewport.ts";
import { button, element, setText } from "../shared/element.ts";
import { describeSave, isBroken, placeOf, savedSteps } from "./checkpointText.ts";
import type { SavedStep } from "./checkpointText.ts";

/** ◆ below the step axis where a checkpoint was saved, with a line that says what is known of it; a click inspects it. */
export interface CheckpointStrip {
  readonly element: HTMLElement;
  readonly show: (checkpoints: readonly CheckpointMark[], range: StepRange) => void;
}

export function createCheckpointStrip(onDidChoose: (path: string) => void): CheckpointStrip {
  const track = element("div", { class: "checkpoint-track" });
  const label = element("span", {
    class: "checkpoint-label",
    text: t("saves"),
    attributes: { title: t("Checkpoints") },
  });
  const strip = element("div", { class: "checkpoint-strip", attributes: { role: "group" } }, [label, track]);
  const detail = element("p", { class: "checkpoint-detail" });
  const whole = element("div", {}, [strip, detail]);
  strip.setAttribute("aria-label", t("Checkpoints"));
  label.style.width = `${VALUE_AXIS_WIDTH}px`; // The marks stand below their steps.
  strip.style.paddingRight = `${RIGHT_MARGIN}px`;
  detail.style.paddingLeft = `${VALUE_AXIS_WIDTH}px`;
  let marks = new Map<number, HTMLButtonElement>();
  let saves = new Map<number, SavedStep>();
  let told: number | undefined;
  return { element: whole, show };

  function show(checkpoints: readonly CheckpointMark[], range: StepRange): void {
    saves = new Map(savedSteps(checkpoints).map((save) => [save.step, save]));
    whole.hidden = saves.size === 0;
    const known = new Map<number, HTMLButtonElement>();
    for (const save of saves.values()) {
      const { step } = save;
      if (step >= range.min && step <= range.max) {
        const mark = marks.get(step) ?? markOf(step);
        mark.style.left = `${((step - range.min) / (range.max - range.min)) * 100}%`;
        mark.title = describeSave(save);
        mark.setAttribute("aria-label", t("Inspect: {0}", describeSave(save)));
        mark.classList.toggle("is-broken", isBroken(save));
        known.set(step, mark);
      }
    }
    if (known.size !== marks.size || Array.from(known.keys()).some((step) => !marks.has(step))) {
      track.replaceChildren(...known.values());
    }
    marks = known;
    tell(told);
  }

  function markOf(step: number): HTMLButtonElement {
    const mark = button("◆", { title: "", class: "checkpoint-mark", onClick: () => choose(step) });
    mark.addEventListener("mouseenter", () => tell(step));
    mark.addEventListener("focus", () => tell(step));
    return mark;
  }

  function choose(step: number): void {
    const save = saves.get(step);
    if (save !== undefined) {
      onDidChoose(placeOf(save));
    }
  }

  /** Of the mark that was pointed at last, else of the newest in sight. */
  function tell(step: number | undefined): void {
    told = step;
    const save = saves.get(step ?? -1) ?? saves.get(Math.max(...marks.keys()));
    setText(detail, save === undefined ? "" : describeSave(save));
  }
}
