/** Plain, for screens and paper. */
export const REPORT_STYLE = `
body { margin: 0; background: #fff; color: #222; font: 14px/1.45 system-ui, sans-serif; }
main { max-width: 960px; margin: 0 auto; padding: 24px 16px; }
h1 { font-size: 22px; overflow-wrap: anywhere; }
h2 { margin: 28px 0 8px; font-size: 16px; }
section { overflow-x: auto; }
svg { max-width: 100%; height: auto; }
table { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: 3px 8px; border-bottom: 1px solid #ddd; text-align: left; vertical-align: top; overflow-wrap: break-word; }
th { color: #555; font-weight: 600; }
td.number { text-align: right; }
@media print { main { max-width: none; padding: 0; } section { break-inside: avoid-page; } }
`;
