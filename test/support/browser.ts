import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll } from "vitest";
import { launchChromium } from "../../.ci/chromium.mjs";

/** One Chromium for all tests of a file. The pages that a test opens in it are closed when the test has ended. */
export function useBrowser(): () => Browser {
  let browser: Browser | undefined;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterEach(async () => {
    await Promise.all((browser?.contexts() ?? []).map(async (context) => context.close()));
  });
  afterAll(() => browser?.close());
  return () => {
    if (browser === undefined) {
      throw new Error("The browser starts with the first test.");
    }
    return browser;
  };
}
