/** What a pointer asks of the picture; positions are relative to it, in CSS pixels. */
export interface HeatPointerActions {
  readonly point: (x: number, y: number) => void;
  readonly leave: () => void;
  readonly click: (x: number, y: number) => void;
  readonly brushing: (from: number, to: number) => void;
  readonly brushed: (from: number, to: number) => void;
  readonly panned: (pixels: number) => void;
  readonly zoomed: (x: number, factor: number) => void;
  readonly reset: () => void;
}

/** A shorter way of the pointer is a click, in CSS pixels. */
const LEAST_DRAG = 4;
const ZOOM_PER_PIXEL = 0.0015;

/** Drag zooms to steps, Ctrl with the wheel zooms at the pointer, Shift with it pans; the wheel alone scrolls the rows. */
export function attachHeatGestures(target: HTMLElement, actions: HeatPointerActions): void {
  let start: PointerEvent | undefined;
  const place = (event: MouseEvent): [number, number] => {
    const { left, top } = target.getBoundingClientRect();
    return [event.clientX - left, event.clientY - top];
  };
  target.addEventListener("pointerdown", (event) => {
    if (event.button === 0) {
      start = event;
      target.setPointerCapture(event.pointerId);
    }
  });
  target.addEventListener("pointermove", (event) => {
    actions.point(...place(event));
    if (start !== undefined && isDrag(start, event)) {
      actions.brushing(place(start)[0], place(event)[0]);
    }
  });
  target.addEventListener("pointerup", (event) => {
    const begun = start;
    start = undefined;
    if (begun !== undefined) {
      if (isDrag(begun, event)) {
        actions.brushed(place(begun)[0], place(event)[0]);
      } else {
        actions.click(...place(event));
      }
    }
  });
  target.addEventListener("pointercancel", () => (start = undefined));
  target.addEventListener("pointerleave", actions.leave);
  target.addEventListener("dblclick", actions.reset);
  target.addEventListener("wheel", (event) => turnWheel(event, place(event)[0], actions), { passive: false });
}

function isDrag(start: MouseEvent, end: MouseEvent): boolean {
  return Math.abs(end.clientX - start.clientX) >= LEAST_DRAG;
}

function turnWheel(event: WheelEvent, x: number, actions: HeatPointerActions): void {
  if (event.ctrlKey || event.metaKey) {
    event.preventDefault();
    actions.zoomed(x, Math.exp(event.deltaY * ZOOM_PER_PIXEL));
  } else if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
    event.preventDefault();
    actions.panned(event.deltaX === 0 ? event.deltaY : event.deltaX);
  }
}
