import type { FromTensors, ToTensors } from "#protocol/dashboard/tensors.ts";
import { element } from "../../shared/element.ts";
import type { Session } from "../session.ts";
import type { Tab, TabHost } from "../tab.ts";

export function createTensors(_session: Session, _host: TabHost<FromTensors>): Tab<ToTensors> {
  return {
    element: element("div", { class: "tensors" }),
    show: () => undefined,
    hide: () => undefined,
    receive: () => undefined,
  };
}
