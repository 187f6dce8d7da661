/** What VS Code calls the dashboard's panel. */
export const DASHBOARD_VIEW = "gradlens.dashboard";
