/** What VS Code gives a webview, once. */
interface WebviewApi {
  readonly postMessage: (message: unknown) => void;
  readonly getState: () => unknown;
  readonly setState: (state: unknown) => void;
}

declare function acquireVsCodeApi(): WebviewApi;

/** The wire to the extension host, with the messages of one view. */
export interface HostLink<FromView> {
  readonly post: (message: FromView) => void;
  /** What this view stored before it was hidden or reloaded: anything, also from an older version. */
  readonly readState: () => unknown;
  readonly writeState: (state: unknown) => void;
}

/** Messages that `parse` does not know are dropped. */
export function connectToHost<FromView, ToView>(
  parse: (message: unknown) => ToView | undefined,
  receive: (message: ToView) => void,
): HostLink<FromView> {
  const api = acquireVsCodeApi();
  window.addEventListener("message", (event: MessageEvent<unknown>) => {
    const message = parse(event.data);
    if (message !== undefined) {
      receive(message);
    }
  });
  return {
    post: (message) => api.postMessage(message),
    readState: () => api.getState(),
    writeState: (state) => api.setState(state),
  };
}

/** The element the host's page provides. */
export function pageRoot(): HTMLElement {
  const root = document.getElementById("root");
  if (root === null) {
    throw new Error("The page has no element with the id root.");
  }
  return root;
}
