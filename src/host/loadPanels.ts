import type { Panels } from "./panels.ts";

/** What fills the tabs that people open: a bundle beside the extension's own, loaded when it is first needed. */
export async function loadPanels(): Promise<Panels> {
  const { panels } = await import("./panels.ts");
  return panels;
}
