/**
 * The look of the picture. In the editor the variables of its theme give the colours; elsewhere those behind the commas do,
 * for a light and for a dark page. In high contrast boxes have no fill but a border.
 */
export const weightStyles = `
:root {
  color-scheme: light dark;
  --page: var(--vscode-editor-background, light-dark(#ffffff, #1f1f1f));
  --ink: var(--vscode-editor-foreground, light-dark(#1f1f1f, #cccccc));
  --quiet: var(--vscode-descriptionForeground, light-dark(#5a5a5a, #9d9d9d));
  --line: var(--vscode-contrastBorder, var(--vscode-panel-border, light-dark(#d0d0d0, #3c3c3c)));
  --focus: var(--vscode-focusBorder, light-dark(#005fb8, #4daafc));
  --blue: var(--vscode-charts-blue, #3794ff);
  --green: var(--vscode-charts-green, #4f9e4f);
  --yellow: var(--vscode-charts-yellow, #c2a000);
  --orange: var(--vscode-charts-orange, #d18616);
  --red: var(--vscode-charts-red, #e0503f);
  --purple: var(--vscode-charts-purple, #a070d8);
  --gray: var(--vscode-descriptionForeground, light-dark(#767676, #8a8a8a));
}
body { background: var(--page); color: var(--ink); font: var(--vscode-font-size, 13px)/1.5 var(--vscode-font-family, system-ui, sans-serif); margin: 0; }
main { margin: 0 auto; max-width: 1200px; padding: 12px 20px 40px; }
h1 { font-size: 1.5em; font-weight: 600; margin: 8px 0 0; overflow-wrap: anywhere; }
h2 { font-size: 1.1em; font-weight: 600; margin: 24px 0 8px; }
a { color: var(--vscode-textLink-foreground, light-dark(#005fb8, #4daafc)); }
:focus-visible { outline: 2px solid var(--focus); outline-offset: 1px; }
.lead { font-size: 1.15em; margin: 4px 0 16px; }
.bar { align-items: center; display: flex; gap: 10px; margin: 4px 0; }
.bar span:first-child { min-width: 4.5em; }
.bar span:last-child { min-width: 9em; }
.bar svg { flex: 1; }
svg { overflow: hidden; }
svg.map { display: block; width: 100%; }
svg text { fill: var(--ink); font-size: 12px; pointer-events: none; }
svg .size { fill: var(--ink); font-weight: 600; }
svg a { cursor: pointer; outline: none; }
rect { --kind: var(--gray); fill: color-mix(in srgb, var(--kind) 35%, var(--page)); stroke: color-mix(in srgb, var(--kind) 70%, var(--page)); }
rect.outer { fill: color-mix(in srgb, var(--kind) 12%, var(--page)); }
a:hover > rect { fill: color-mix(in srgb, var(--kind) 55%, var(--page)); }
a:hover > rect.outer { fill: color-mix(in srgb, var(--kind) 22%, var(--page)); }
a:focus-visible > rect { stroke: var(--focus); stroke-width: 4; }
.k-base { --kind: var(--blue); }
.k-system-packages { --kind: var(--purple); }
.k-dependencies { --kind: var(--orange); }
.k-cache, .k-second-copy { --kind: var(--red); }
.k-sources { --kind: var(--green); }
.k-output { --kind: var(--yellow); }
.legend { display: flex; flex-wrap: wrap; gap: 4px 18px; list-style: none; margin: 8px 0; padding: 0; }
table { border-collapse: collapse; width: 100%; }
th, td { border-bottom: 1px solid var(--line); padding: 3px 8px; text-align: left; vertical-align: top; }
th[scope=row] { font-weight: normal; min-width: 12em; overflow-wrap: anywhere; }
thead th { color: var(--quiet); font-weight: 600; }
.depth-0 { font-family: var(--vscode-editor-font-family, ui-monospace, monospace); }
.depth-1 { padding-left: 24px; }
.detail { color: var(--quiet); font-family: var(--vscode-font-family, system-ui, sans-serif); margin-left: 6px; }
.number { text-align: right; white-space: nowrap; }
td:nth-child(4) { white-space: nowrap; }
td:last-child { color: var(--quiet); }
.vscode-high-contrast rect, .vscode-high-contrast rect.outer { fill: var(--page); stroke: var(--line); }
.vscode-high-contrast .bar rect, .vscode-high-contrast .share rect, .vscode-high-contrast .legend rect { fill: color-mix(in srgb, var(--kind) 45%, var(--page)); }
.vscode-high-contrast a:hover > rect, .vscode-high-contrast a:focus-visible > rect { stroke: var(--focus); stroke-width: 4; }
@media (forced-colors: active) {
  rect, rect.outer { fill: Canvas; stroke: CanvasText; }
  svg text, svg .size { fill: CanvasText; }
  .bar rect, .share rect { fill: GrayText; }
}
.listing { counter-reset: line; font-family: ui-monospace, monospace; font-size: 12px; list-style: none; margin: 0; overflow-x: auto; padding: 0; white-space: pre; }
.listing li::before { color: var(--quiet); content: counter(line); counter-increment: line; display: inline-block; margin-right: 1.5em; text-align: right; width: 3em; }
.listing li:target { background: color-mix(in srgb, var(--focus) 25%, var(--page)); }
`;
