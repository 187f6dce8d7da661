import type { FolderSource } from "#core/byteSource.ts";
import { type Outcome } from "#core/outcome.ts";
import { describeFailure } from "#l10n/failure.ts";
import { t } from "@vscode/l10n";

import type { PickledCheckpoint } from "../pickle/pickledTensor.ts";
import { openTorchZip } from "./pytorchZip.ts";
import { tensorLabel } from "../shared/tensorLabel.ts";

/** A file of torch.save in a checkpoint's folder, which its parts and its failures name by its path. */
export async function openTorchFile(folder: FolderSource, path: string): Promise<Outcome<PickledCheckpoint>> {
  const source = await folder.open(path);
  if (source === undefined) {
    return { kind: "incomplete", have: 0, need: 1, what: t("{0} is missing.", tensorLabel(path)) };
  }
  const opened = await openTorchZip({ name: path, size: source.size, read: source.read });
  switch (opened.kind) {
    case "ok":
      return opened;
    case "malformed":
      return { ...opened, what: `${tensorLabel(path)}: ${opened.what}` };
    case "unsupported":
      return { kind: "unsupported", what: `${tensorLabel(path)}: ${opened.what}` };
    case "incomplete":
      return { ...opened, what: `${tensorLabel(path)}: ${describeFailure(opened)}` };
  }
}
