/** What both pages have in common. */

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

export function escaped(text: string): string {
  return text.replaceAll(/[&<>"]/g, (character) => ENTITIES[character] ?? character);
}

const STYLE = `
:root { color-scheme: light dark; --ink: #1d2433; --paper: #fff; --line: #c9d1dd; --muted: #66707f;
  --applied: #2a8a4a; --known: #8a93a3; --lost: #c9302c; --band: #f3b84b; --failed: #c9302c; }
@media (prefers-color-scheme: dark) { :root { --ink: #e4e8ef; --paper: #14181f; --line: #343c49; --muted: #9aa4b3;
  --applied: #57c27d; --known: #7b8594; --lost: #ff7b72; --band: #8a6414; --failed: #ff7b72; } }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); margin: 2rem auto; max-width: 1180px; padding: 0 1rem; }
h1 { font-size: 1.4rem; } h2 { font-size: 1.1rem; margin-top: 2rem; }
code, pre { font: 13px/1.45 ui-monospace, monospace; } pre { overflow-x: auto; padding: .6rem .8rem; border: 1px solid var(--line); border-radius: 6px; }
table { border-collapse: collapse; } td, th { text-align: left; vertical-align: top; padding: .15rem .9rem .15rem 0; border-bottom: 1px solid var(--line); }
td.number, th.number { text-align: right; } td:not(:last-child) { white-space: nowrap; } .failed { color: var(--failed); font-weight: 600; } .muted { color: var(--muted); }
.chart { overflow-x: auto; } svg text { font: 11px system-ui, sans-serif; fill: var(--ink); } svg .muted { fill: var(--muted); }
svg .lane { stroke: var(--line); } svg .band { fill: var(--band); opacity: .55; } svg .down { fill: var(--known); opacity: .45; }
svg .applied { stroke: var(--applied); } svg .known { stroke: var(--known); } svg .lost { stroke: var(--lost); stroke-dasharray: 3 2; }
svg .violation { stroke: var(--failed); stroke-width: 2; } svg .violation-text { fill: var(--failed); font-weight: 600; } svg .inevitable { stroke: var(--failed); stroke-dasharray: 5 4; }
svg .mark { fill: var(--ink); } svg .fault { fill: var(--failed); }
`;

/** A whole page that needs nothing else. */
export function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escaped(title)}</title>
<style>${STYLE}</style>
<h1>${escaped(title)}</h1>
${body}
</html>
`;
}

export function inSeconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(2)} s`;
}
