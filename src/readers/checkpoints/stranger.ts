import { t } from "@vscode/l10n";

/** What a file that no reader knows may be, in a sentence for people. */
export function describeStranger(head: Uint8Array): string {
  const text = Buffer.from(head.subarray(0, LOOK_BYTES)).toString("latin1"); // TextDecoder's latin1 is windows-1252.
  return (
    SIGNS.find(([sign]) => sign.test(text))?.[1]() ?? t("This is not a checkpoint of a format that Gradlens reads.")
  );
}

const LOOK_BYTES = 512;

const SIGNS: readonly (readonly [RegExp, () => string])[] = [
  [/^$/, () => t("The file is empty.")],
  [
    /^version https:\/\/git-lfs/,
    () => t("This is a Git LFS pointer, not the file itself. Fetch the file with `git lfs pull`, then try again."),
  ],
  [
    /^\s*<(!doctype|html)/i,
    () => t("This is a web page, not a checkpoint: the download gave an error page. Download the file again."),
  ],
  [/^PK\p{Cc}{2}/u, () => t("This zip archive holds no tensors in a form that Gradlens reads.")],
  [/^7z\xbc\xaf/, () => t("This is a 7z archive. Unpack it first.")],
  [/^.\x8b/s, () => t("This is a gzip file. Unpack it first.")],
  [/^\x89PNG/, () => t("This is a PNG image, not a checkpoint.")],
];
