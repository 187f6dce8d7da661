/** Acts on keys by their names; of an arrow with Shift the name is `Shift+ArrowLeft`. Ctrl, Alt and Meta are the editor's. */
export function bindKeys(target: HTMLElement, bindings: Readonly<Record<string, () => void>>): void {
  target.addEventListener("keydown", (event) => {
    const isArrow = event.key.startsWith("Arrow");
    const action = bindings[event.shiftKey && isArrow ? `Shift+${event.key}` : event.key];
    if (action !== undefined && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      action();
    }
  });
}
