/** Kinds of data that VS Code's Explorer and its tabs give, the most precise first. One URI a line. */
const URI_TYPES = ["application/vnd.code.uri-list", "text/uri-list", "codefiles", "resourceurls", "text/plain"];

/** Calls back with the URI of a file that is dropped on the page. VS Code lets a page have the drag while Shift is held. */
export function attachDropTarget(target: HTMLElement, onDidDrop: (uri: string) => void): void {
  target.addEventListener("dragover", (event) => {
    event.preventDefault();
    target.classList.add("is-dropped-on");
  });
  target.addEventListener("dragleave", () => target.classList.remove("is-dropped-on"));
  target.addEventListener("drop", (event) => {
    event.preventDefault();
    target.classList.remove("is-dropped-on");
    const uri = uriIn(event.dataTransfer);
    if (uri !== undefined) {
      onDidDrop(uri);
    }
  });
}

export function uriIn(data: Pick<DataTransfer, "getData"> | null): string | undefined {
  for (const type of URI_TYPES) {
    const text = data?.getData(type) ?? "";
    const [first] = text.startsWith("[") ? stringsIn(text) : text.split(/\r?\n/);
    if (first !== undefined && first !== "") {
      return first.startsWith("/") ? `file://${first}` : first;
    }
  }
  return undefined;
}

function stringsIn(text: string): readonly string[] {
  try {
    const parsed: unknown = JSON.parse(text);
    return Array.isArray(parsed) ? parsed.filter((each) => typeof each === "string") : [];
  } catch {
    return []; // Not a list after all.
  }
}
