import type { FromClipping, ToClipping } from "#protocol/dashboard/clipping.ts";
import { element } from "../../shared/element.ts";
import type { Session } from "../session.ts";
import type { Tab, TabHost } from "../tab.ts";

export function createClipping(_session: Session, _host: TabHost<FromClipping>): Tab<ToClipping> {
  return {
    element: element("div", { class: "clipping" }),
    show: () => undefined,
    hide: () => undefined,
    receive: () => undefined,
  };
}
