import type { FromCompare, ToCompare } from "#protocol/dashboard/compare.ts";
import { element } from "../../shared/element.ts";
import type { Session } from "../session.ts";
import type { Tab, TabHost } from "../tab.ts";

export function createCompare(_session: Session, _host: TabHost<FromCompare>): Tab<ToCompare> {
  return {
    element: element("div", { class: "compare" }),
    show: () => undefined,
    hide: () => undefined,
    receive: () => undefined,
  };
}
