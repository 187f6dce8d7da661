// oxlint-disable-next-line import/no-unassigned-import -- It sets the language, before any text is made.
import "../shared/l10n.ts";
// oxlint-disable-next-line import/no-unassigned-import -- esbuild turns it into dashboard.css.
import "./dashboard.css";
import { toDashboard } from "#protocol/dashboard.ts";
import type { FromDashboard, ToDashboard } from "#protocol/dashboard.ts";
import { parseMessage } from "#protocol/parse.ts";
import { connectToHost, pageRoot } from "../shared/hostLink.ts";
import { createDashboard } from "./dashboard.ts";

const host = connectToHost<FromDashboard, ToDashboard>(
  (message) => parseMessage(toDashboard, message),
  (message) => dashboard.receive(message),
);
const dashboard = createDashboard(pageRoot(), host);
host.post({ kind: "ready" });
