/** What a pointer asks of the charts. Positions are horizontal, on the page. */
export interface GestureActions {
  readonly brushing: (from: number, to: number) => void;
  readonly brushed: (from: number, to: number) => void;
  readonly panned: (pixels: number) => void;
  /** Says whether the zoom changed; where it did not, the page may scroll. */
  readonly zoomed: (at: number, factor: number) => boolean;
  readonly clicked: (at: number) => void;
  readonly reset: () => void;
}

/** A shorter way of the pointer is a click, in CSS pixels. */
const LEAST_DRAG = 4;
/** A click waits this long for a second one, which resets the zoom instead. */
const DOUBLE_CLICK_MS = 250;
const ZOOM_PER_PIXEL = 0.0015;
const PIXELS_PER_LINE = 16;

/** Drag brushes, Shift or the middle button pans, the wheel zooms, a double click resets. */
export function attachGestures(target: HTMLElement, actions: GestureActions): void {
  target.addEventListener("pointerdown", (event) => startDrag(target, event, actions));
  target.addEventListener("wheel", (event) => turnWheel(event, actions), { passive: false });
  target.addEventListener("dblclick", actions.reset);
  listenToClicks(target, actions);
}

function startDrag(target: HTMLElement, start: PointerEvent, actions: GestureActions): void {
  const isPan = start.button === 1 || (start.button === 0 && start.shiftKey);
  if (start.button !== 0 && !isPan) {
    return;
  }
  start.preventDefault();
  target.setPointerCapture(start.pointerId);
  let last = start.clientX;
  const listeners = new AbortController();
  const { signal } = listeners;
  target.addEventListener("pointermove", move, { signal });
  target.addEventListener("pointerup", finish, { signal });
  target.addEventListener("pointercancel", () => stop(start.clientX), { signal });

  function move(event: PointerEvent): void {
    if (isPan) {
      actions.panned(last - event.clientX);
      last = event.clientX;
    } else {
      actions.brushing(start.clientX, event.clientX);
    }
  }

  function finish(event: PointerEvent): void {
    stop(event.clientX);
    if (!isPan && isDrag(start, event)) {
      actions.brushed(start.clientX, event.clientX);
    }
  }

  function stop(at: number): void {
    listeners.abort();
    actions.brushing(at, at);
  }
}

function listenToClicks(target: HTMLElement, actions: GestureActions): void {
  let start: PointerEvent | undefined;
  let timer: number | undefined;
  target.addEventListener("pointerdown", (event) => (start = event));
  target.addEventListener("click", (event) => {
    clearTimeout(timer);
    if (event.detail === 1 && start !== undefined && !start.shiftKey && !isDrag(start, event)) {
      timer = setTimeout(() => actions.clicked(event.clientX), DOUBLE_CLICK_MS);
    }
  });
}

function isDrag(start: MouseEvent, end: MouseEvent): boolean {
  return Math.abs(end.clientX - start.clientX) >= LEAST_DRAG;
}

function turnWheel(event: WheelEvent, actions: GestureActions): void {
  const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? PIXELS_PER_LINE : 1;
  if (Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
    actions.panned(event.deltaX * unit);
    event.preventDefault();
  } else if (actions.zoomed(event.clientX, Math.exp(event.deltaY * unit * ZOOM_PER_PIXEL))) {
    event.preventDefault();
  }
}
