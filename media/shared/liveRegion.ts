import { element, setText } from "./element.ts";

/** Says the newest summary to a screen reader, at most one per interval. */
export interface LiveRegion {
  readonly element: HTMLElement;
  readonly say: (text: string) => void;
}

const INTERVAL_MS = 5000;

export function createLiveRegion(): LiveRegion {
  const region = element("div", { class: "visually-hidden", attributes: { role: "status", "aria-live": "polite" } });
  let pending: string | undefined;
  let isWaiting = false;
  return { element: region, say };

  function say(text: string): void {
    if (isWaiting) {
      pending = text;
      return;
    }
    setText(region, text);
    isWaiting = true;
    setTimeout(speakPending, INTERVAL_MS);
  }

  function speakPending(): void {
    isWaiting = false;
    const text = pending;
    pending = undefined;
    if (text !== undefined) {
      say(text);
    }
  }
}
