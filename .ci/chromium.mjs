/** The one way Chromium is started here. */
import { chromium } from "playwright-core";
import { ensureChromium } from "./setup.mjs";

/** Headless; ends with the process that started it. `more` are further switches, as for measuring. */
export function launchChromium(more = []) {
  return chromium.launch({
    executablePath: ensureChromium(),
    args: [
      "--no-sandbox", // Root and containers have no user namespaces for it; only our own pages are opened.
      "--disable-gpu",
      "--disable-quic",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      ...more,
    ],
  });
}
