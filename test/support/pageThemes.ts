/** The colours of VS Code's default themes that pages read most, and the classes that its webviews wear. */
export const PAGE_THEMES = {
  dark: { classes: "vscode-dark", colours: colours("#1f1f1f", "#cccccc", "#9d9d9d", "#0078d4") },
  light: { classes: "vscode-light", colours: colours("#ffffff", "#3b3b3b", "#3b3b3b", "#005fb8") },
  highContrastDark: {
    classes: "vscode-high-contrast",
    colours: { ...colours("#000000", "#ffffff", "#ffffff", "#f38518"), contrastBorder: "#6fc3df" },
  },
  highContrastLight: {
    classes: "vscode-high-contrast vscode-high-contrast-light",
    colours: { ...colours("#ffffff", "#292929", "#292929", "#006bbd"), contrastBorder: "#0f4a85" },
  },
} as const;

export type PageTheme = keyof typeof PAGE_THEMES;

function colours(ground: string, text: string, muted: string, focus: string): Record<string, string> {
  return {
    "editor-background": ground,
    "editorHoverWidget-background": ground,
    foreground: text,
    descriptionForeground: muted,
    focusBorder: focus,
    "input-background": ground,
    "dropdown-background": ground,
  };
}
