export interface Person {
  readonly home: string;
  readonly user: string;
}

/** Text without what tells who or where: folders and the user's name. Names of files stay. */
export function withoutPlaces(text: string, { home, user }: Person): string {
  return text
    .replaceAll(home.length > 1 ? home : "\0", "~") // The only folder whose spaces can be told from the text around it.
    .replaceAll(QUOTED_PATH, fileNameOf)
    .replaceAll(PATH, fileNameOf)
    .replaceAll(/[\w.-]+/g, (word) => (word === user ? "user" : word));
}

/** What kind of remote window it is. On a server for browsers VS Code's `remoteName` is the server's address. */
export function remoteKind(remoteName: string | undefined): string {
  return remoteName === undefined ? "none" : (REMOTE_KINDS.find((kind) => kind === remoteName) ?? "other");
}

const REMOTE_KINDS: readonly string[] = [
  "attached-container",
  "codespaces",
  "dev-container",
  "k8s-container",
  "ssh-remote",
  "tunnel",
  "wsl",
];

// Absolute or relative, of a disk or a share. Its spaces are known only between quotation marks.
const QUOTED_PATH = /(?<=["'`“])(?:file:\/\/|[a-z]:[/\\]|(?:~|\.{1,2})?[/\\])[^"'`”\n]+(?=["'`”])/gi;
const PATH = /(?<![\w/\\])(?:file:\/\/|[a-z]:[/\\]|(?:~|\.{1,2})?[/\\])[^\s"'`“”：<>|()]+/gi;

/** The last name of a path if it looks like a file's, with the line and the punctuation behind it. */
function fileNameOf(path: string): string {
  const [, name = "", rest = ""] = /([^/\\]*?)([.,:;]*)$/.exec(path) ?? [];
  return `${/\.\w+(?::\d+)*$/.test(name) ? name : "…"}${rest}`;
}
