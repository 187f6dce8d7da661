/** Reports the place of a pointer from where it is pressed until it is let go, also outside of the element. */
export function attachDrag(
  target: Element,
  onDidMove: (place: { readonly x: number; readonly y: number }) => void,
): void {
  let pointer: number | undefined;
  const report = ({ clientX, clientY }: MouseEvent): void => {
    const { left, top } = target.getBoundingClientRect();
    onDidMove({ x: clientX - left, y: clientY - top });
  };
  target.addEventListener("pointerdown", (event) => {
    if (event instanceof PointerEvent && event.button === 0) {
      event.preventDefault();
      pointer = event.pointerId;
      target.setPointerCapture(pointer);
      report(event);
    }
  });
  target.addEventListener("pointermove", (event) => {
    if (event instanceof PointerEvent && event.pointerId === pointer) {
      report(event);
    }
  });
  for (const end of ["pointerup", "pointercancel", "lostpointercapture"]) {
    target.addEventListener(end, () => (pointer = undefined));
  }
}
