// oxlint-disable-next-line import/no-unassigned-import -- It sets the language, before any text is made.
import "../shared/l10n.ts";
// oxlint-disable-next-line import/no-unassigned-import -- esbuild turns it into checkpoint.css.
import "./checkpoint.css";
import { toCheckpoint } from "#protocol/checkpoint.ts";
import type { FromCheckpoint, ToCheckpoint } from "#protocol/checkpoint.ts";
import { parseMessage } from "#protocol/parse.ts";
import { connectToHost, pageRoot } from "../shared/hostLink.ts";
import { createCheckpointView } from "./view.ts";

const host = connectToHost<FromCheckpoint, ToCheckpoint>(
  (message) => parseMessage(toCheckpoint, message),
  (message) => view.receive(message),
);
const view = createCheckpointView(pageRoot(), host);
host.post({ kind: "ready" });
