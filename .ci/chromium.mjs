/** The one way Chromium is started here. */
import { chromium } from "playwright-core";
import { ensureChromium } from "./setup.mjs";

/** Headless; ends with the process that started it. */
export function launchChromium() {
  return chromium.launch({
    executablePath: ensureChromium(),
    args: [
      "--no-sandbox", // Root and containers have no user namespaces for it; only our own pages are opened.
      "--disable-gpu",
      "--disable-quic",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}
