import type { Disposable } from "#core/event.ts";
import type { LanguageParts } from "./register.ts";
import { createClippingBook } from "./runClipping.ts";

/** Registers what text editors show with the first run that is followed: before, none of it has anything to show. */
export function registerWithFirstRun(parts: Omit<LanguageParts, "clipping">): Disposable {
  let registered: Disposable | undefined;
  let isDisposed = false;

  async function register(): Promise<void> {
    const { languageService } = await import("./languageService.ts");
    if (!isDisposed) {
      registered = languageService.registerLanguageFeatures({ ...parts, clipping: createClippingBook() });
    }
  }

  const firstRun = parts.store.onDidChange(() => {
    firstRun.dispose();
    register().catch(parts.onError);
  });
  return {
    dispose() {
      isDisposed = true;
      firstRun.dispose();
      registered?.dispose();
    },
  };
}
