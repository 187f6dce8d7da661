/** What a tab shows. */
export interface TabPanel {
  readonly element: HTMLElement;
  /** It comes into sight. */
  readonly show: () => void;
}
